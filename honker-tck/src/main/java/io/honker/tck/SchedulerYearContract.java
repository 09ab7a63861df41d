package io.honker.tck;

import static io.honker.tck.Eventually.awaitTrue;
import static org.assertj.core.api.Assertions.assertThat;

import io.honker.Honker;
import io.honker.observe.HonkerObserver;
import io.honker.schedule.RunningScheduler;
import io.honker.schedule.Schedule;
import io.honker.schedule.SchedulerOptions;
import java.sql.SQLException;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;

/**
 * Rule C-6: a thousand schedules over a long time, while every day the leader dies without a word
 * and another process takes over. Each nominal time fires exactly once.
 *
 * @since 0.1.0
 */
public abstract class SchedulerYearContract extends StoreContract {

  private static final Duration STEP = Duration.ofMinutes(15);
  private static final Duration LEASE = Duration.ofHours(1);
  private static final List<ZoneId> ZONES =
      List.of(
          ZoneId.of("UTC"),
          ZoneId.of("Europe/Berlin"),
          ZoneId.of("America/New_York"),
          ZoneId.of("Australia/Sydney"),
          ZoneId.of("Asia/Kolkata"));

  /** Creates the contract; the subclass supplies the store. */
  protected SchedulerYearContract() {}

  @Override
  Duration hungAfter() {
    return Duration.ofMinutes(10);
  }

  /** A schedule, and the same once more in words that share nothing with the library. */
  private record Planned(
      String name, String cron, @Nullable ZoneId zone, Predicate<ZonedDateTime> matches) {

    Schedule schedule() {
      Schedule.Builder schedule = Schedule.cron(name, cron, "jobs");
      return zone == null ? schedule.build() : schedule.zone(zone).build();
    }

    ZoneId clock() {
      return zone == null ? ZoneId.systemDefault() : zone;
    }
  }

  /**
   * Hourly to monthly, at quarters of hours. Fixed times keep out of the hours in which clocks
   * change; what happens there is rule C-2.
   */
  private static List<Planned> plans(Random random) {
    List<Planned> plans = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      int minute = 15 * random.nextInt(4);
      int hour = 4 + random.nextInt(20);
      int weekday = random.nextInt(7);
      int day = 1 + random.nextInt(31);
      ZoneId zone = i % 2 == 0 ? null : ZONES.get(random.nextInt(ZONES.size()));
      Predicate<ZonedDateTime> atMinute = t -> t.getMinute() == minute;
      Predicate<ZonedDateTime> atTime = atMinute.and(t -> t.getHour() == hour);
      String name = "s" + i;
      if (i < 12) {
        plans.add(new Planned(name, minute + " * * * *", zone, atMinute));
      } else if (i < 60) {
        plans.add(
            new Planned(
                name, minute + " */6 * * *", zone, atMinute.and(t -> t.getHour() % 6 == 0)));
      } else if (i < 500) {
        plans.add(new Planned(name, minute + " " + hour + " * * *", zone, atTime));
      } else if (i < 800) {
        DayOfWeek on = DayOfWeek.of(weekday == 0 ? 7 : weekday);
        plans.add(
            new Planned(
                name,
                minute + " " + hour + " * * " + weekday,
                zone,
                atTime.and(t -> t.getDayOfWeek() == on)));
      } else {
        plans.add(
            new Planned(
                name,
                minute + " " + hour + " " + day + " * *",
                zone,
                atTime.and(t -> t.getDayOfMonth() == day)));
      }
    }
    return plans;
  }

  /** Every quarter of an hour is held against every schedule. */
  private static Map<String, List<Long>> expected(List<Planned> plans, Instant from, Instant to) {
    Map<String, List<Long>> times = new TreeMap<>();
    for (Instant at = from.plus(STEP); !at.isAfter(to); at = at.plus(STEP)) {
      Map<ZoneId, ZonedDateTime> clocks = new HashMap<>();
      for (Planned plan : plans) {
        Instant instant = at;
        ZonedDateTime shown = clocks.computeIfAbsent(plan.clock(), instant::atZone);
        if (plan.matches().test(shown)) {
          times.computeIfAbsent(plan.name(), name -> new ArrayList<>()).add(at.getEpochSecond());
        }
      }
    }
    return times;
  }

  /** A process that can schedule, die, and start again. */
  private static final class Node implements AutoCloseable {

    final FreezableClock clock;
    final Honker process;
    RunningScheduler scheduler;

    Node(StoreFixture store) {
      this.clock = new FreezableClock(store.clock());
      this.process = store.openSecondStore(clock, HonkerObserver.NONE);
      this.scheduler = start();
    }

    private RunningScheduler start() {
      SchedulerOptions options = SchedulerOptions.builder().leaderLease(LEASE).build();
      return process.scheduler().start(options);
    }

    boolean leads() {
      return scheduler.isLeader();
    }

    void restart() {
      clock.thaw();
      scheduler.close();
      scheduler = start();
    }

    @Override
    public void close() {
      clock.thaw();
      scheduler.close();
      process.close();
    }
  }

  private void runWithDailyDeaths(Duration time) throws SQLException {
    store.require(Capability.SECOND_RUNTIME);
    store.require(Capability.SHARED_TABLES);
    Random random = new Random(20260101);
    List<Planned> plans = plans(random);
    Instant begin = now();
    Instant end = begin.plus(time);
    honker.inTransaction(
        tx -> plans.forEach(plan -> honker.scheduler().register(tx, plan.schedule())));
    int deaths = 0;
    try (Node one = new Node(store);
        Node two = new Node(store)) {
      Node dead = null;
      Instant nextDeath = begin.plus(Duration.ofHours(random.nextInt(20)));
      while (now().isBefore(end)) {
        store.clock().awaitParked(2);
        if (dead == null && !now().isBefore(nextDeath) && (one.leads() || two.leads())) {
          dead = one.leads() ? one : two;
          dead.clock.freeze();
          deaths++;
          nextDeath = nextDeath.plus(Duration.ofDays(1));
        } else if (dead != null && (dead == one ? two : one).leads()) {
          dead.restart();
          dead = null;
          store.clock().awaitParked(2);
        }
        advance(STEP);
      }
      Node living = dead == one ? two : one;
      awaitTrue(() -> "the last fires", () -> isDone(living.process, end));
    }
    assertThat(deaths).isGreaterThanOrEqualTo((int) time.toDays() - 1);
    Map<String, List<Long>> expected = expected(plans, begin, end);
    Map<String, List<Long>> fired = fires();
    assertThat(fired.keySet()).isEqualTo(expected.keySet());
    fired.forEach((name, times) -> assertThat(times).as(name).isEqualTo(expected.get(name)));
  }

  private static boolean isDone(Honker process, Instant end) {
    return process.scheduler().soonest().filter(next -> next.isAfter(end)).isPresent();
  }

  private Map<String, List<Long>> fires() throws SQLException {
    Map<String, List<Long>> times = new TreeMap<>();
    String sql =
        "SELECT f.schedule, f.fire_at FROM _honkerj_fires f JOIN _honker_live j ON j.id = f.job_id"
            + " ORDER BY f.fire_at";
    for (Row row : rawQuery(sql)) {
      times
          .computeIfAbsent(String.valueOf(row.text("schedule")), name -> new ArrayList<>())
          .add(row.number("fire_at"));
    }
    long jobs = rawQuery("SELECT count(*) AS n FROM _honker_live").get(0).number("n");
    assertThat(times.values().stream().mapToInt(List::size).sum()).isEqualTo((int) jobs);
    return times;
  }

  @Rule(id = "C-6", note = "with the end of a month and a change of clocks in it")
  void twelveDays_withTheLeaderDyingDaily_fireEachTimeOnce() throws SQLException {
    store.clock().advanceTo(Instant.parse("2026-03-21T12:00:00Z"));

    runWithDailyDeaths(Duration.ofDays(12));
  }

  @Rule(id = "C-6")
  @Tag("slow")
  @Timeout(900)
  void year_withTheLeaderDyingDaily_firesEachTimeOnce() throws SQLException {
    runWithDailyDeaths(Duration.ofDays(365));
  }
}
