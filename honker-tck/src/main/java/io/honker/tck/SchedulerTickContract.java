package io.honker.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.honker.codec.Json;
import io.honker.observe.HonkerEvent;
import io.honker.observe.HonkerEvent.ScheduleFailed;
import io.honker.observe.HonkerEvent.ScheduleFired;
import io.honker.observe.HonkerEvent.ScheduleUnreadable;
import io.honker.queue.EnqueueOptions;
import io.honker.queue.Job;
import io.honker.queue.ScheduledFire;
import io.honker.schedule.CatchUp;
import io.honker.schedule.Fire;
import io.honker.schedule.Schedule;
import io.honker.schedule.ScheduleInfo;
import io.honker.schedule.ScheduleUpdate;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;

/**
 * Rules C-4 and C-5 and the ticks of C-3: what schedules fire by hand, and what one that cannot
 * fire does to others.
 *
 * @since 0.1.0
 */
public abstract class SchedulerTickContract extends SchedulingContract {

  /** Creates the contract; the subclass supplies the store. */
  protected SchedulerTickContract() {}

  // C-4: firing

  @Rule(id = "C-4")
  void tick_atTheFireTime_enqueuesTheJobOnce() {
    scheduler()
        .register(hourly("a").payload("tea").priority(4).maxAttempts(2).expiresAfter(HOUR).build());
    Instant due = in(HOUR);
    advanceSeconds(3599);
    assertThat(tick()).isEmpty();
    advanceSeconds(1);

    List<Fire> fires = tick();

    assertThat(fires).hasSize(1);
    assertThat(fires.get(0)).isEqualTo(new Fire("a", "jobs", due, fires.get(0).jobId()));
    assertThat(tick()).isEmpty();
    assertThat(nextFireAt("a")).isEqualTo(in(HOUR));
    Job<String> job = claimOne(jobs());
    assertThat(job.id()).isEqualTo(fires.get(0).jobId());
    assertThat(job.payload()).isEqualTo("tea");
    assertThat(job.priority()).isEqualTo(4);
    assertThat(job.maxAttempts()).isEqualTo(2);
    assertThat(job.runAt()).isEqualTo(now());
    assertThat(job.expiresAt()).contains(in(HOUR));
  }

  @Rule(id = "C-4")
  void tick_ofScheduleWithoutPayload_enqueuesJsonNull() {
    scheduler().register(minutely("a").build());
    advance(Duration.ofMinutes(1));
    tick();

    assertThat(honker.queue("jobs", Json.class).claim())
        .hasValueSatisfying(job -> assertThat(job.payload()).isEqualTo(Json.of("null")));
  }

  @Rule(id = "C-4")
  void tick_ofSchedule_takesItsAttemptsNotTheQueues() {
    scheduler().register(minutely("a").payload("x").build());
    advance(Duration.ofMinutes(1));
    tick();

    assertThat(claimOne(jobs()).maxAttempts()).isEqualTo(3);
  }

  @Rule(id = "C-4")
  void scheduledFire_tellsTheNominalTime() {
    scheduler().register(minutely("a").payload("x").build());
    scheduler().register(minutely("b").payload("y").zone(BERLIN).build());
    Instant nominal = in(Duration.ofMinutes(1));
    advanceSeconds(95);
    tick();
    jobs().enqueue("z", EnqueueOptions.builder().priority(-1).build());
    scheduler().trigger("a");

    assertThat(jobs().claim(10))
        .extracting(job -> job.payload() + " " + job.scheduledFire().orElse(null))
        .containsExactlyInAnyOrder(
            "x " + new ScheduledFire("a", nominal),
            "y " + new ScheduledFire("b", nominal),
            "z null",
            "x null");
  }

  @Rule(id = "C-4")
  void scheduledFire_ofJobThatIsGone_isForgottenByLaterTicks() throws SQLException {
    store.require(Capability.SHARED_TABLES);
    scheduler().register(Schedule.every("a", Duration.ofSeconds(1), "jobs").payload("x").build());
    for (int i = 0; i < 5; i++) {
      advanceSeconds(40);
      assertThat(tick()).hasSize(40);
      jobs().claim(40).forEach(job -> assertThat(job.ack()).isTrue());
    }

    assertThat(rawQuery("SELECT count(*) AS n FROM _honkerj_fires").get(0).number("n"))
        .isLessThanOrEqualTo(40 + 40);
  }

  @Rule(id = "C-4")
  void tick_afterDowntime_firesAllInOrder() {
    scheduler().register(hourly("a").build());
    Instant first = nextFireAt("a");
    advance(Duration.ofHours(5).plusMinutes(30));

    List<Fire> fires = tick();

    assertThat(times(fires)).isEqualTo(series(first, HOUR, 5));
    assertThat(fires).extracting(Fire::jobId).isSorted().doesNotHaveDuplicates();
    assertThat(nextFireAt("a")).isEqualTo(first.plus(HOUR.multipliedBy(5)));
  }

  @Rule(id = "C-4")
  void tick_afterLongDowntime_firesTheFirst64AndGoesOnAfterNow() {
    scheduler().register(Schedule.every("a", Duration.ofSeconds(1), "jobs").build());
    Instant first = nextFireAt("a");
    advanceSeconds(1000);

    assertThat(times(tick())).isEqualTo(series(first, Duration.ofSeconds(1), 64));
    assertThat(nextFireAt("a")).isEqualTo(now().plusSeconds(1));
    assertThat(tick()).isEmpty();
  }

  @Rule(id = "C-4")
  void tick_ofCronAfterLongDowntime_goesOnAtTheFirstBoundaryAfterNow() {
    scheduler().register(Schedule.cron("a", "*/10 * * * * *", "jobs").build());
    advanceSeconds(1005);

    assertThat(tick()).hasSize(64);
    assertThat(nextFireAt("a")).isEqualTo(now().plusSeconds(5));
  }

  @Rule(id = "C-4")
  void tick_withCapOfItsOwn_keepsIt() {
    scheduler()
        .register(
            Schedule.every("few", Duration.ofSeconds(1), "jobs").catchUp(CatchUp.all(3)).build());
    scheduler()
        .register(
            Schedule.every("many", Duration.ofSeconds(1), "jobs")
                .catchUp(CatchUp.all(5000))
                .build());
    advanceSeconds(3000);

    List<Fire> fires = tick();

    assertThat(names(fires)).filteredOn("few"::equals).hasSize(3);
    assertThat(names(fires)).filteredOn("many"::equals).hasSize(3000);
  }

  @Rule(id = "C-4")
  void tick_withExactlyTheCapMissed_dropsNothing() {
    scheduler()
        .register(
            Schedule.every("a", Duration.ofSeconds(10), "jobs").catchUp(CatchUp.all(3)).build());
    advanceSeconds(35);

    assertThat(tick()).hasSize(3);
    assertThat(nextFireAt("a")).isEqualTo(now().plusSeconds(5));
  }

  @Rule(id = "C-4")
  void tick_withLatest_firesOnlyTheLastMissed() {
    scheduler()
        .register(
            Schedule.cron("cron", "15 * * * *", "jobs")
                .zone(ZoneOffset.UTC)
                .catchUp(CatchUp.latest())
                .build());
    scheduler()
        .register(
            Schedule.every("every", Duration.ofMinutes(7), "jobs")
                .catchUp(CatchUp.latest())
                .build());
    advance(Duration.ofDays(40).plusMinutes(20));

    List<Fire> fires = tick();

    assertThat(names(fires)).containsExactlyInAnyOrder("cron", "every");
    Instant quarterPast = now().minus(Duration.ofMinutes(5));
    assertThat(fires).anyMatch(f -> f.schedule().equals("cron") && f.fireAt().equals(quarterPast));
    assertThat(nextFireAt("cron")).isEqualTo(quarterPast.plus(HOUR));
    long sevens = (40 * 24 * 60 + 20) / 7;
    Instant lastEvery = ManualClock.START.plus(Duration.ofMinutes(7 * sevens));
    assertThat(fires).anyMatch(f -> f.schedule().equals("every") && f.fireAt().equals(lastEvery));
    assertThat(nextFireAt("every")).isEqualTo(lastEvery.plus(Duration.ofMinutes(7)));
  }

  @Rule(id = "C-4", note = "once a year, and many times on that day")
  void tick_withLatestOfIrregularTimes_findsTheLastOne() {
    scheduler()
        .register(
            Schedule.cron("a", "* 10-11 3 3 *", "jobs")
                .zone(ZoneOffset.UTC)
                .catchUp(CatchUp.latest())
                .build());
    advance(Duration.ofDays(200));

    assertThat(times(tick())).containsExactly(Instant.parse("2026-03-03T11:59:00Z"));
    assertThat(nextFireAt("a")).isEqualTo("2027-03-03T10:00:00Z");
  }

  @Rule(id = "C-4")
  void tick_withLatestAndNothingMissed_firesIt() {
    scheduler().register(hourly("a").catchUp(CatchUp.latest()).build());
    advance(HOUR);

    assertThat(times(tick())).containsExactly(now());
  }

  @Rule(id = "C-4")
  void tick_withNone_firesTheLatestWithinTheGraceOnly() {
    Schedule.Builder schedule = hourly("a").catchUp(CatchUp.none(Duration.ofSeconds(30)));
    scheduler().register(schedule.build());
    advance(Duration.ofHours(1).plusSeconds(30));
    assertThat(times(tick())).containsExactly(now().minusSeconds(30));

    advance(Duration.ofHours(1).plusSeconds(1));
    assertThat(tick()).as("31 s late").isEmpty();
    assertThat(nextFireAt("a")).isEqualTo(ManualClock.START.plus(HOUR.multipliedBy(3)));

    advance(Duration.ofHours(2).minusSeconds(31));
    assertThat(times(tick())).as("one missed, one in time").containsExactly(now());
  }

  @Rule(id = "C-4")
  void tick_ofManySchedules_firesThemAll() {
    honker.inTransaction(
        tx -> {
          for (int i = 0; i < 1201; i++) {
            Schedule.Builder schedule = minutely("s" + i).payload(i);
            scheduler().register(tx, i % 3 == 0 ? schedule.zone(BERLIN).build() : schedule.build());
          }
        });
    advance(Duration.ofMinutes(2));

    assertThat(names(tick())).hasSize(2402);
    assertThat(tick()).isEmpty();
    assertThat(jobs().stats().ready()).isEqualTo(2402);
  }

  @Rule(id = "C-3", level = Level.STOCHASTIC)
  void tick_ofTenAtTheSameTime_firesOnce() throws Exception {
    scheduler().register(hourly("a").build());
    scheduler().register(hourly("b").zone(BERLIN).build());
    for (int round = 1; round <= 20; round++) {
      advance(HOUR);
      CyclicBarrier together = new CyclicBarrier(10);
      List<Background<List<Fire>>> tickers = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        tickers.add(
            inBackground(
                () -> {
                  together.await();
                  return tick();
                }));
      }
      List<String> fired = new ArrayList<>();
      for (Background<List<Fire>> ticker : tickers) {
        fired.addAll(names(ticker.get()));
      }
      assertThat(fired).containsExactlyInAnyOrder("a", "b");
      assertThat(jobs().stats().ready()).isEqualTo(2 * round);
    }
  }

  @Rule(id = "C-4")
  void tick_isToldToTheObserver() {
    scheduler().register(hourly("a").build());
    advance(HOUR.plusSeconds(7));
    Fire fire = tick().get(0);

    assertThat(store.observer().events(ScheduleFired.class))
        .containsExactly(
            new ScheduleFired("a", "jobs", fire.jobId(), fire.fireAt(), Duration.ofSeconds(7)));
    assertThat(store.observer().events(HonkerEvent.JobsEnqueued.class))
        .containsExactly(new HonkerEvent.JobsEnqueued("jobs", 1));
  }

  @Rule(id = "C-4")
  void tick_wakesWorkersOfTheQueue() throws Exception {
    scheduler().register(minutely("a").payload("tea").build());
    advance(Duration.ofMinutes(1));
    Background<List<Job<String>>> waiter = inBackground(() -> jobs().claim(1, LONG));
    store.clock().awaitParked(waiter.thread());

    tick();

    assertThat(payloads(waiter.get())).containsExactly("tea");
  }

  // C-5: what one bad row may do

  private void plant(String name, String expression) throws SQLException {
    rawExecute(
        "INSERT INTO _honker_scheduler_tasks(name, queue, cron_expr, payload, next_fire_at)"
            + " VALUES (?, 'jobs', ?, '1', ?)",
        name,
        expression,
        nowSecond());
  }

  @Rule(id = "C-5")
  void unreadableSchedule_doesNotStopOthersAndIsToldOnce() throws SQLException {
    store.require(Capability.SHARED_TABLES);
    plant("bad", "every full moon");
    plant("macro", "@hourly");
    plant("never", "0 0 31 2 *");
    scheduler().register(minutely("good").build());
    advance(Duration.ofMinutes(1));

    assertThat(names(tick())).containsExactly("good");
    advance(Duration.ofMinutes(1));
    assertThat(names(tick())).containsExactly("good");

    assertThat(store.observer().events(ScheduleUnreadable.class))
        .extracting(event -> event.schedule() + ": " + event.expression())
        .containsExactlyInAnyOrder("bad: every full moon", "macro: @hourly", "never: 0 0 31 2 *");
    assertThat(scheduler().list()).hasSize(4);
    assertThat(scheduler().next("bad", 3)).isEmpty();
    assertThat(scheduler().soonest()).contains(nextFireAt("good"));
  }

  @Rule(id = "C-5")
  void unreadableSchedule_thatIsChanged_isToldAgainOrFires() throws SQLException {
    store.require(Capability.SHARED_TABLES);
    plant("bad", "every full moon");
    tick();
    rawExecute("UPDATE _honker_scheduler_tasks SET cron_expr = 'every new moon'");
    tick();
    assertThat(store.observer().events(ScheduleUnreadable.class))
        .extracting(ScheduleUnreadable::expression)
        .containsExactly("every full moon", "every new moon");

    rawExecute("UPDATE _honker_scheduler_tasks SET cron_expr = '* * * * *'");

    assertThat(names(tick())).containsExactly("bad");
  }

  @Rule(id = "C-5", note = "SQLite stores any type in any column")
  void scheduleWithValuesOfWrongTypes_doesNotStopOthers() throws SQLException {
    store.require(Capability.SHARED_TABLES);
    String insert =
        "INSERT INTO _honker_scheduler_tasks(name, queue, cron_expr, payload, next_fire_at) VALUES ";
    rawExecute(insert + "(NULL, 'jobs', '* * * * *', '1', 5)");
    rawExecute(insert + "(x'00ff', 'jobs', '* * * * *', '1', 5)");
    rawExecute(insert + "('real', 'jobs', '* * * * *', '1', 5.5)");
    rawExecute(insert + "('text', 'jobs', '* * * * *', '1', 'soon')");
    rawExecute(insert + "('blob', x'00', '* * * * *', '1', 5)");
    rawExecute(insert + "('far', 'jobs', '* * * * *', '1', -9223372036854775808)");
    scheduler().register(minutely("good").build());
    scheduler().register(minutely("ours").zone(BERLIN).build());
    advance(Duration.ofMinutes(1));

    assertThat(names(tick())).containsExactlyInAnyOrder("good", "ours");
    assertThat(tick()).isEmpty();
    assertThat(store.observer().events(ScheduleUnreadable.class)).hasSize(5);
    assertThat(scheduler().list()).hasSize(8);
  }

  @Rule(id = "C-5")
  void scheduleWithUnknownZone_doesNotStopOthers() throws SQLException {
    store.require(Capability.SHARED_TABLES);
    scheduler().register(minutely("a").zone(BERLIN).build());
    scheduler().register(minutely("b").zone(BERLIN).build());
    rawExecute("UPDATE _honkerj_schedules SET zone = 'Mars/Olympus' WHERE name = 'a'");
    advance(Duration.ofMinutes(1));

    assertThat(names(tick())).containsExactly("b");
    assertThat(info("a").zone()).isNull();
    assertThat(store.observer().events(ScheduleUnreadable.class))
        .singleElement()
        .satisfies(event -> assertThat(event.reason()).contains("Mars/Olympus"));
  }

  @Rule(id = "C-5", note = "honker accepts negative expiries and no attempts")
  void sharedSchedule_withOddNumbers_firesAsHonkerWouldFireIt() throws SQLException {
    store.require(Capability.SHARED_TABLES);
    plant("a", "* * * * *");
    rawExecute(
        "UPDATE _honker_scheduler_tasks SET max_attempts = 0, expires_s = 9223372036854775807");

    assertThat(tick()).hasSize(1);
    Job<Integer> job = claimOne(honker.queue("jobs", Integer.class));
    assertThat(job.maxAttempts()).isEqualTo(1);
  }

  @Rule(id = "C-5", note = "5/15 is 5 for honker, every 15 from 5 on in the Java API")
  void sharedSchedule_ofAnotherBinding_meansWhatThatBindingMeans() throws SQLException {
    store.require(Capability.SHARED_TABLES);
    plant("a", "5/15 * * * *");
    tick();
    Instant first = nextFireAt("a");

    assertThat(scheduler().next("a", 2)).containsExactly(first, first.plus(HOUR));
  }

  @Rule(id = "C-5")
  void registrationOfAnotherBinding_takesTheNameOver() throws SQLException {
    store.require(Capability.SHARED_TABLES);
    scheduler().register(minutely("a").zone(BERLIN).payload("ours").build());
    plant("a", "* * * * *");
    advance(Duration.ofMinutes(1));

    assertThat(tick()).hasSize(2).allMatch(fire -> fire.schedule().equals("a"));
    assertThat(scheduler().list()).extracting(ScheduleInfo::shared).containsExactly(true);
    assertThat(rawQuery("SELECT * FROM _honkerj_schedules")).isEmpty();
  }

  @Rule(id = "C-5")
  void scheduleWhoseJobIsRefused_doesNotStopOthers() throws Exception {
    store.require(Capability.REFUSED_JOBS);
    store.refuseJobsContaining("poison");
    scheduler().register(minutely("a").payload("tea").build());
    scheduler().register(minutely("b").payload("poison").build());
    scheduler().register(minutely("c").payload("milk").build());
    advance(Duration.ofMinutes(1));

    assertThat(names(tick())).containsExactlyInAnyOrder("a", "c");
    assertThat(store.observer().events(ScheduleFailed.class))
        .extracting(ScheduleFailed::schedule)
        .containsExactly("b");
    assertThat(nextFireAt("b")).as("still due").isEqualTo(now());

    scheduler().update("b", ScheduleUpdate.builder().payload("cake").build());
    assertThat(names(tick())).containsExactly("b");
  }
}
