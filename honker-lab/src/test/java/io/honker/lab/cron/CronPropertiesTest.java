package io.honker.lab.cron;

import static com.cronutils.model.definition.CronDefinitionBuilder.defineCron;
import static org.assertj.core.api.Assertions.assertThat;

import com.cronutils.model.definition.CronDefinition;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import io.honker.runtime.cron.CronExpression;
import io.honker.schedule.DstRule;
import io.honker.schedule.DstRule.Gap;
import io.honker.schedule.DstRule.Overlap;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What holds for any expression at any time. */
class CronPropertiesTest {

  private static final List<ZoneId> ZONES =
      List.of(
          ZoneOffset.UTC,
          ZoneId.of("Europe/Berlin"),
          ZoneId.of("America/New_York"),
          ZoneId.of("Australia/Lord_Howe"),
          ZoneId.of("Asia/Kolkata"),
          ZoneId.of("America/Sao_Paulo"),
          ZoneId.of("Pacific/Apia"));

  private final long seed = Long.getLong("honker.seed", System.nanoTime());
  private final Random random = new Random(seed);
  private final RandomExpressions expressions = new RandomExpressions(random);

  /** From 1950 to 2100, half of them near a change of the clock, with fractions of a second. */
  private Instant anInstant(ZoneId zone) {
    Instant any = Instant.ofEpochSecond(-631_152_000L + (long) (random.nextDouble() * 4.7e9));
    var change = random.nextBoolean() ? zone.getRules().nextTransition(any) : null;
    Instant base =
        change == null ? any : change.getInstant().plusSeconds(random.nextInt(20_000) - 10_000);
    return base.plusNanos(random.nextBoolean() ? 0 : random.nextInt(1_000_000_000));
  }

  private DstRule aRule() {
    return DstRule.standard()
        .gap(Gap.values()[random.nextInt(2)])
        .overlap(Overlap.values()[random.nextInt(3)]);
  }

  @Test
  void next_isAfterItsArgument_andTheFirst() {
    for (int i = 0; i < 20_000; i++) {
      CronExpression expression = CronExpression.of(expressions.rich());
      ZoneId zone = ZONES.get(random.nextInt(ZONES.size()));
      DstRule rule = aRule();
      Instant after = anInstant(zone);
      Optional<Instant> next = expression.next(after, zone, rule);
      if (next.isPresent() && !expression.isInterval()) {
        Instant between = after.plus(Duration.between(after, next.get()).dividedBy(2));
        assertThat(next.get()).as("%s, seed %d", expression, seed).isAfter(after);
        assertThat(List.of(between, next.get().minusNanos(1)))
            .allSatisfy(
                later ->
                    assertThat(expression.next(later, zone, rule))
                        .as("%s in %s by %s after %s, seed %d", expression, zone, rule, later, seed)
                        .isEqualTo(next));
      }
    }
  }

  @Test
  void canonical_meansTheSameToHonker() {
    for (int i = 0; i < 20_000; i++) {
      String text = expressions.rich();
      CronExpression ours = CronExpression.of(text);
      CronExpression honkers = CronExpression.honker(ours.canonical());
      Instant after = anInstant(ZoneOffset.UTC);
      for (int step = 0; step < 3; step++) {
        Optional<Instant> next = ours.next(after, ZoneOffset.UTC, DstRule.standard());
        assertThat(honkers.next(after, ZoneOffset.UTC, DstRule.standard()))
            .as("%s as %s after %s, seed %d", text, ours.canonical(), after, seed)
            .isEqualTo(next);
        after = next.orElse(after);
      }
      assertThat(CronExpression.of(ours.canonical()).canonical()).isEqualTo(ours.canonical());
    }
  }

  @Test
  void next_inUtc_isWhatCronUtilsFinds() {
    CronDefinition definition =
        defineCron()
            .withSeconds()
            .and()
            .withMinutes()
            .and()
            .withHours()
            .and()
            .withDayOfMonth()
            .and()
            .withMonth()
            .and()
            .withDayOfWeek()
            .withValidRange(0, 6)
            .withMondayDoWValue(1)
            .and()
            .matchDayOfWeekAndDayOfMonth()
            .instance();
    CronParser parser = new CronParser(definition);
    for (int i = 0; i < 2_000; i++) {
      String text = expressions.lists();
      // It leaves fractions of a second in its answers.
      Instant after = anInstant(ZoneOffset.UTC).truncatedTo(ChronoUnit.SECONDS);
      Optional<Instant> theirs =
          ExecutionTime.forCron(parser.parse(text))
              .nextExecution(after.atZone(ZoneOffset.UTC))
              .map(ZonedDateTime::toInstant);
      assertThat(CronExpression.honker(text).next(after, ZoneOffset.UTC, DstRule.standard()))
          .as("%s after %s, seed %d", text, after, seed)
          .isEqualTo(theirs);
    }
  }
}
