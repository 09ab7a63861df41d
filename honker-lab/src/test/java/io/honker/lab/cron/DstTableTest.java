package io.honker.lab.cron;

import static org.assertj.core.api.Assertions.assertThat;

import io.honker.runtime.cron.CronExpression;
import io.honker.schedule.DstRule;
import io.honker.schedule.DstRule.Gap;
import io.honker.schedule.DstRule.Overlap;
import io.honker.tck.Rule;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What schedules do when the clock changes; the first six are the table of other systems' faults.
 */
class DstTableTest {

  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
  private static final String BERLIN_GAP = "2026-03-29";
  private static final String BERLIN_OVERLAP = "2026-10-25";
  private static final ZoneId NEW_YORK = ZoneId.of("America/New_York");
  private static final ZoneId LORD_HOWE = ZoneId.of("Australia/Lord_Howe");
  private static final DstRule STANDARD = DstRule.standard();

  private static List<Long> minutesApart(List<Instant> fires) {
    List<Long> minutes = new ArrayList<>();
    for (int i = 1; i < fires.size(); i++) {
      minutes.add(Duration.between(fires.get(i - 1), fires.get(i)).toMinutes());
    }
    return minutes;
  }

  private static List<Instant> wholeYear(String expression, ZoneId zone) {
    return Fires.between(
        CronExpression.of(expression),
        zone,
        STANDARD,
        LocalDate.of(2026, 1, 1).atStartOfDay(zone).toInstant().minusSeconds(1),
        LocalDate.of(2027, 1, 1).atStartOfDay(zone).toInstant());
  }

  // ---- the table

  @Rule(id = "C-2")
  void fixedTime_inTheGap_runsOnceRightAfterIt() {
    assertThat(Fires.on(BERLIN_GAP, "30 2 * * *", BERLIN, STANDARD)).containsExactly("03:00+02:00");
  }

  @Rule(id = "C-2")
  void fixedTime_inTheOverlap_runsOnce() {
    assertThat(Fires.on(BERLIN_OVERLAP, "30 2 * * *", BERLIN, STANDARD))
        .containsExactly("02:30+02:00");
  }

  @Rule(id = "C-2")
  void everyQuarter_inTheGap_keepsItsPace() {
    assertThat(Fires.on(BERLIN_GAP, "*/15 * * * *", BERLIN, STANDARD))
        .hasSize(23 * 4)
        .containsSequence("01:45+01:00", "03:00+02:00", "03:15+02:00");
  }

  @Rule(id = "C-2")
  void everyQuarter_inTheOverlap_keepsItsPace() {
    assertThat(Fires.on(BERLIN_OVERLAP, "*/15 * * * *", BERLIN, STANDARD))
        .hasSize(25 * 4)
        .containsSequence("02:45+02:00", "02:00+01:00", "02:15+01:00")
        .containsSequence("02:45+01:00", "03:00+01:00");
  }

  @Rule(id = "C-2")
  void hourly_inTheGap_keepsItsPace() {
    assertThat(Fires.on(BERLIN_GAP, "@hourly", BERLIN, STANDARD))
        .hasSize(23)
        .containsSequence("01:00+01:00", "03:00+02:00", "04:00+02:00");
  }

  @Rule(id = "C-2")
  void hourly_inTheOverlap_keepsItsPace() {
    assertThat(Fires.on(BERLIN_OVERLAP, "@hourly", BERLIN, STANDARD))
        .hasSize(25)
        .containsSequence("01:00+02:00", "02:00+02:00", "02:00+01:00", "03:00+01:00");
  }

  // ---- the rule's other choices

  @Test
  void fixedTime_withSkip_leavesTheGapOut() {
    DstRule skip = STANDARD.gap(Gap.SKIP);
    assertThat(Fires.on(BERLIN_GAP, "30 2 * * *", BERLIN, skip)).isEmpty();
    assertThat(Fires.on(BERLIN_GAP, "0 2,3 * * *", BERLIN, skip)).containsExactly("03:00+02:00");
  }

  @Test
  void fixedTime_withSecondOrBoth_runsThenInTheOverlap() {
    assertThat(Fires.on(BERLIN_OVERLAP, "30 2 * * *", BERLIN, STANDARD.overlap(Overlap.SECOND)))
        .containsExactly("02:30+01:00");
    assertThat(Fires.on(BERLIN_OVERLAP, "30 2 * * *", BERLIN, STANDARD.overlap(Overlap.BOTH)))
        .containsExactly("02:30+02:00", "02:30+01:00");
  }

  @Test
  void fixedTimes_atTheEdgesOfTheOverlap_runOnce() {
    String edges = "0 59 1,2 * * *"; // the last minute before the overlap, and its own last minute
    assertThat(Fires.on(BERLIN_OVERLAP, edges, BERLIN, STANDARD))
        .containsExactly("01:59+02:00", "02:59+02:00");
    assertThat(Fires.on(BERLIN_OVERLAP, edges, BERLIN, STANDARD.overlap(Overlap.SECOND)))
        .containsExactly("01:59+02:00", "02:59+01:00");
    assertThat(Fires.on(BERLIN_OVERLAP, "0 2,3 * * *", BERLIN, STANDARD))
        .containsExactly("02:00+02:00", "03:00+01:00");
  }

  @Test
  void fixedTimes_severalInOneGap_makeOneRun() {
    assertThat(Fires.on(BERLIN_GAP, "15,30,45 2 * * *", BERLIN, STANDARD))
        .containsExactly("03:00+02:00");
    assertThat(Fires.on(BERLIN_GAP, "0 1,2,3 * * *", BERLIN, STANDARD))
        .containsExactly("01:00+01:00", "03:00+02:00");
  }

  @Test
  void stepSchedule_whoseTimesTheGapTakesForGood_runsOnceAfterIt() {
    assertThat(Fires.on(BERLIN_GAP, "*/15 2 * * *", BERLIN, STANDARD))
        .containsExactly("03:00+02:00");
    assertThat(Fires.on(BERLIN_GAP, "*/15 2 * * *", BERLIN, STANDARD.gap(Gap.SKIP))).isEmpty();
    assertThat(Fires.on(BERLIN_GAP, "7-59/15 * * * *", BERLIN, STANDARD))
        .containsSequence("01:52+01:00", "03:07+02:00");
  }

  // ---- other zones

  @Test
  void newYork_bothChanges() {
    assertThat(Fires.on("2026-03-08", "30 2 * * *", NEW_YORK, STANDARD))
        .containsExactly("03:00-04:00");
    assertThat(Fires.on("2026-11-01", "30 1 * * *", NEW_YORK, STANDARD))
        .containsExactly("01:30-04:00");
  }

  @Test
  void lordHowe_changesByHalfAnHour() {
    assertThat(Fires.on("2026-10-04", "15 2 * * *", LORD_HOWE, STANDARD))
        .containsExactly("02:30+11:00");
    assertThat(Fires.on("2026-04-05", "45 1 * * *", LORD_HOWE, STANDARD))
        .containsExactly("01:45+11:00");
    assertThat(Fires.on("2026-10-04", "@hourly", LORD_HOWE, STANDARD))
        .containsSequence("01:00+10:30", "02:30+11:00", "03:00+11:00");
    assertThat(Fires.on("2026-04-05", "@hourly", LORD_HOWE, STANDARD))
        .containsSequence("01:00+11:00", "02:00+10:30");
  }

  @Test
  void gapAtMidnightAndOfAWholeDay_loseNoDailyRun() {
    assertThat(Fires.on("2026-03-08", "@daily", ZoneId.of("America/Havana"), STANDARD))
        .containsExactly("01:00-04:00");
    ZoneId apia = ZoneId.of("Pacific/Apia"); // had no 30 December 2011
    List<Instant> fires =
        Fires.between(
            CronExpression.of("0 3 * * *"),
            apia,
            STANDARD,
            Instant.parse("2011-12-29T00:00:00Z"),
            Instant.parse("2012-01-01T00:00:00Z"));
    assertThat(fires.stream().map(fire -> fire.atZone(apia).toLocalDateTime().toString()))
        .containsExactly(
            "2011-12-29T03:00", "2011-12-31T00:00", "2011-12-31T03:00", "2012-01-01T03:00");
  }

  // ---- a whole year

  @ParameterizedTest
  @ValueSource(
      strings = {
        "UTC",
        "Europe/Berlin",
        "America/New_York",
        "Australia/Lord_Howe",
        "Asia/Kolkata",
        "Pacific/Chatham",
        "America/Havana"
      })
  void everyQuarterAndDaily_throughAYear_noneLostNoneDoubled(String name) {
    ZoneId zone = ZoneId.of(name);
    assertThat(Set.copyOf(minutesApart(wholeYear("*/15 * * * *", zone)))).containsExactly(15L);
    assertThat(wholeYear("*/15 * * * *", zone)).hasSize(365 * 24 * 4);
    for (String daily : List.of("0 0 * * *", "30 1 * * *", "15 2 * * *", "0 2 * * *")) {
      assertThat(wholeYear(daily, zone).stream().map(fire -> fire.atZone(zone).toLocalDate()))
          .doesNotHaveDuplicates()
          .hasSize(365);
    }
  }

  @ParameterizedTest
  @CsvSource({"UTC,60", "Europe/Berlin,60", "America/New_York,60", "Asia/Kolkata,60"})
  void hourly_throughAYear_noneLostNoneDoubled(String name, long apart) {
    List<Instant> fires = wholeYear("0 * * * *", ZoneId.of(name));
    assertThat(fires).hasSize(365 * 24);
    assertThat(Set.copyOf(minutesApart(fires))).containsExactly(apart);
  }

  // ---- against a search by hand

  /** Looks at every minute and asks the rule's words, not its arithmetic. */
  private static TreeSet<Instant> byHand(
      CronExpression expression, ZoneId zone, DstRule rule, Instant from, Instant end) {
    TreeSet<Instant> fires = new TreeSet<>();
    for (Instant t = from.plusSeconds(60); t.isBefore(end); t = t.plusSeconds(60)) {
      LocalDateTime local = LocalDateTime.ofInstant(t, zone);
      if (matches(expression, local) && (!expression.isFixedTime() || isChosen(t, zone, rule))) {
        fires.add(t);
      }
      LocalDateTime unchanged = LocalDateTime.ofInstant(t.minusSeconds(60), zone).plusMinutes(1);
      for (LocalDateTime lost = unchanged; lost.isBefore(local); lost = lost.plusMinutes(1)) {
        boolean madeUpFor =
            !expression.isFixedTime()
                && matches(expression, lost.plus(Duration.between(unchanged, local)));
        if (matches(expression, lost) && !madeUpFor && rule.gap() == Gap.RUN_AFTER_GAP) {
          fires.add(t);
        }
      }
    }
    return fires;
  }

  private static boolean isChosen(Instant t, ZoneId zone, DstRule rule) {
    ZonedDateTime time = t.atZone(zone);
    return switch (rule.overlap()) {
      case FIRST -> time.equals(time.withEarlierOffsetAtOverlap());
      case SECOND -> time.equals(time.withLaterOffsetAtOverlap());
      case BOTH -> true;
    };
  }

  private static boolean matches(CronExpression expression, LocalDateTime local) {
    ZoneId utc = ZoneId.of("UTC");
    Instant instant = local.atZone(utc).toInstant();
    return expression.next(instant.minusSeconds(1), utc, STANDARD).orElseThrow().equals(instant);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Europe/Berlin", "America/New_York", "Australia/Lord_Howe"})
  void next_aroundChanges_isWhatASearchByHandFinds(String name) {
    long seed = Long.getLong("honker.seed", System.nanoTime());
    Random random = new Random(seed);
    RandomExpressions expressions = new RandomExpressions(random);
    ZoneId zone = ZoneId.of(name);
    for (int i = 0; i < 150; i++) {
      DstRule rule =
          STANDARD
              .gap(Gap.values()[random.nextInt(2)])
              .overlap(Overlap.values()[random.nextInt(3)]);
      CronExpression expression = CronExpression.of(expressions.daily());
      Instant change =
          zone.getRules().nextTransition(Instant.ofEpochSecond(i * 15_000_000L)).getInstant();
      Instant from = change.minus(Duration.ofHours(4));
      Instant end = change.plus(Duration.ofHours(4));
      assertThat(Fires.between(expression, zone, rule, from, end))
          .as("%s around %s in %s by %s, seed %d", expression, change, zone, rule, seed)
          .isEqualTo(
              byHand(expression, zone, rule, from, end).stream().collect(Collectors.toList()));
    }
  }
}
