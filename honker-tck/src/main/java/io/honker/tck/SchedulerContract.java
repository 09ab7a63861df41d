package io.honker.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.honker.codec.Json;
import io.honker.error.NestedWriteException;
import io.honker.error.PayloadException;
import io.honker.observe.HonkerEvent;
import io.honker.observe.HonkerEvent.ScheduleFailed;
import io.honker.observe.HonkerEvent.ScheduleFired;
import io.honker.observe.HonkerEvent.ScheduleUnreadable;
import io.honker.queue.EnqueueOptions;
import io.honker.queue.Job;
import io.honker.queue.ScheduledFire;
import io.honker.schedule.CatchUp;
import io.honker.schedule.DstRule;
import io.honker.schedule.Fire;
import io.honker.schedule.Schedule;
import io.honker.schedule.ScheduleInfo;
import io.honker.schedule.ScheduleUpdate;
import io.honker.schedule.Scheduler;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CyclicBarrier;
import java.util.stream.Stream;

/**
 * Rules C-1, C-4 and C-5 and the ticks of C-3: schedules registered, changed, looked at and fired
 * by hand.
 *
 * @since 0.1.0
 */
public abstract class SchedulerContract extends StoreContract {

  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
  private static final Duration HOUR = Duration.ofHours(1);

  /** Creates the contract; the subclass supplies the store. */
  protected SchedulerContract() {}

  private Scheduler scheduler() {
    return honker.scheduler();
  }

  private static Schedule.Builder minutely(String name) {
    return Schedule.cron(name, "* * * * *", "jobs");
  }

  private static Schedule.Builder hourly(String name) {
    return Schedule.every(name, HOUR, "jobs");
  }

  private ScheduleInfo info(String name) {
    return scheduler().find(name).orElseThrow(() -> new AssertionError(name + " is gone"));
  }

  private Instant nextFireAt(String name) {
    return info(name).nextFireAt();
  }

  private List<Fire> tick() {
    return scheduler().tick(now());
  }

  private static List<Instant> times(List<Fire> fires) {
    return fires.stream().map(Fire::fireAt).toList();
  }

  private static List<String> names(List<Fire> fires) {
    return fires.stream().map(Fire::schedule).toList();
  }

  /** Instants from one on, so many steps. */
  private static List<Instant> series(Instant first, Duration step, int count) {
    return Stream.iterate(first, at -> at.plus(step)).limit(count).toList();
  }

  private Instant in(Duration time) {
    return now().plus(time);
  }

  // C-1: which table, and what stands there

  @Rule(id = "C-1")
  void register_ofWhatHonkerCanMean_isShared() {
    scheduler().register(minutely("a").build());
    scheduler().register(hourly("b").build());

    assertThat(scheduler().list())
        .allMatch(ScheduleInfo::shared)
        .extracting(info -> info.name() + ": " + info.expression())
        .containsExactly("a: * * * * *", "b: @every 3600s");
  }

  @Rule(id = "C-1")
  void register_ofRicherSpelling_isStoredInHonkers() {
    scheduler().register(Schedule.cron("a", "5/15 * * * *", "jobs").build());
    scheduler().register(Schedule.cron("b", "0 9 * JAN,jul MON-FRI", "jobs").build());
    scheduler().register(Schedule.cron("c", "0 9 * * 7", "jobs").build());
    scheduler().register(Schedule.cron("d", "@daily", "jobs").build());

    assertThat(scheduler().list())
        .allMatch(ScheduleInfo::shared)
        .extracting(ScheduleInfo::expression)
        .containsExactly("5,20,35,50 * * * *", "0 9 * 1,7 1-5", "0 9 * * 0", "0 0 * * *");
  }

  @Rule(id = "C-1")
  void register_ofWhatHonkerCannotMean_isOurs() {
    scheduler().register(minutely("zone").zone(ZoneOffset.UTC).build());
    scheduler()
        .register(minutely("rule").dstRule(DstRule.standard().gap(DstRule.Gap.SKIP)).build());
    scheduler().register(minutely("policy").catchUp(CatchUp.latest()).build());
    scheduler().register(minutely("cap").catchUp(CatchUp.all(65)).build());

    assertThat(scheduler().list()).hasSize(4).noneMatch(ScheduleInfo::shared);
  }

  @Rule(
      id = "C-1",
      note = "a list of hours is fixed-time and runs once in the overlap, a step twice")
  void register_ofStepThatHonkerWouldSeeAsFixedTimes_isOursAsGiven() {
    scheduler().register(Schedule.cron("a", "0 2/12 * * *", "jobs").build());

    assertThat(info("a").shared()).isFalse();
    assertThat(info("a").expression()).isEqualTo("0 2/12 * * *");
  }

  @Rule(id = "C-1")
  void register_ofEverything_isFoundAsGiven() {
    DstRule rule = DstRule.standard().gap(DstRule.Gap.SKIP).overlap(DstRule.Overlap.BOTH);
    scheduler()
        .register(
            Schedule.cron("all", "0 3 * * *", "reports")
                .payload(Map.of("tea", 2))
                .priority(7)
                .maxAttempts(5)
                .expiresAfter(Duration.ofMillis(1500))
                .zone(BERLIN)
                .dstRule(rule)
                .catchUp(CatchUp.none(Duration.ofSeconds(90)))
                .build());

    assertThat(scheduler().find("all"))
        .contains(
            new ScheduleInfo(
                "all",
                "0 3 * * *",
                "reports",
                Json.of("{\"tea\":2}"),
                7,
                5,
                Duration.ofSeconds(2),
                BERLIN,
                rule,
                CatchUp.none(Duration.ofSeconds(90)),
                true,
                Instant.parse("2026-01-01T02:00:00Z"),
                false));
  }

  @Rule(id = "C-1")
  void register_ofSameName_movesItBetweenTheTables() {
    scheduler().register(minutely("a").build());
    scheduler().register(minutely("a").zone(BERLIN).build());
    assertThat(scheduler().list()).extracting(ScheduleInfo::shared).containsExactly(false);

    scheduler().register(minutely("a").build());
    assertThat(scheduler().list()).extracting(ScheduleInfo::shared).containsExactly(true);

    advance(Duration.ofMinutes(1));
    assertThat(tick()).hasSize(1);
  }

  @Rule(id = "C-1")
  void sharedTable_holdsWhatHonkerReads() throws SQLException {
    store.require(Capability.SHARED_TABLES);
    scheduler()
        .register(
            Schedule.cron("a", "5/15 * * * *", "jobs")
                .payload("tea")
                .priority(3)
                .maxAttempts(4)
                .expiresAfter(HOUR)
                .build());
    scheduler().register(minutely("b").zone(BERLIN).build());

    List<Row> rows = rawQuery("SELECT * FROM _honker_scheduler_tasks");

    assertThat(rows).hasSize(1);
    Row row = rows.get(0);
    assertThat(row.text("name")).isEqualTo("a");
    assertThat(row.text("queue")).isEqualTo("jobs");
    assertThat(row.text("cron_expr")).isEqualTo("5,20,35,50 * * * *");
    assertThat(row.text("payload")).isEqualTo("\"tea\"");
    assertThat(row.number("priority")).isEqualTo(3);
    assertThat(row.number("expires_s")).isEqualTo(3600);
    assertThat(row.number("next_fire_at")).isEqualTo(nextFireAt("a").getEpochSecond());
    assertThat(row.number("enabled")).isEqualTo(1);
    assertThat(row.number("max_attempts")).isEqualTo(4);
  }

  @Rule(id = "C-1")
  void register_ofBadExpression_isRefusedByName() {
    for (String bad :
        List.of("* * *", "60 * * * *", "0 24 * * *", "30-10 * * * *", "*/0 * * * *")) {
      assertThatThrownBy(() -> scheduler().register(Schedule.cron("a", bad, "jobs").build()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(bad);
    }
    assertThat(scheduler().list()).isEmpty();
  }

  @Rule(id = "C-1")
  void register_ofWhatNeverFires_isRefused() {
    assertThatThrownBy(() -> scheduler().register(Schedule.cron("a", "0 0 31 2 *", "jobs").build()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("0 0 31 2 *")
        .hasMessageContaining("never fires");
  }

  @Rule(id = "C-1")
  void register_ofPayloadAboveTheLimit_isRefused() {
    Schedule schedule = minutely("a").payload("x".repeat(1 << 20)).build();

    assertThatThrownBy(() -> scheduler().register(schedule)).isInstanceOf(PayloadException.class);
  }

  @Rule(id = "C-1")
  void schedule_ofBadValues_namesAllOfThem() {
    assertThatThrownBy(
            () -> Schedule.cron(" ", "", " ").maxAttempts(0).expiresAfter(Duration.ZERO).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("name")
        .hasMessageContaining("expression")
        .hasMessageContaining("queue")
        .hasMessageContaining("maxAttempts")
        .hasMessageContaining("expiresAfter");
    assertThatThrownBy(() -> Schedule.every("a", Duration.ofMillis(1500), "jobs"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  // C-4: registering again

  @Rule(id = "C-4")
  void register_ofUnchanged_keepsTheNextFireTime() {
    scheduler().register(hourly("a").build());
    scheduler().register(Schedule.cron("b", "0 5 * * *", "jobs").zone(BERLIN).build());
    Instant next = nextFireAt("a");
    advanceSeconds(3599);

    scheduler().register(hourly("a").payload("new").priority(9).build());
    scheduler().register(Schedule.cron("b", "0 5 * * *", "other").zone(BERLIN).build());

    assertThat(nextFireAt("a")).isEqualTo(next).isEqualTo(in(Duration.ofSeconds(1)));
    assertThat(nextFireAt("b")).isEqualTo("2026-01-01T04:00:00Z");
    assertThat(info("a").priority()).isEqualTo(9);
    assertThat(info("b").queue()).isEqualTo("other");
  }

  @Rule(id = "C-4", note = "a process that restarts after downtime registers before it fires")
  void register_ofUnchangedWhenOverdue_losesNothing() {
    scheduler().register(hourly("a").build());
    advance(Duration.ofHours(3));

    scheduler().register(hourly("a").build());

    assertThat(tick()).hasSize(3);
  }

  @Rule(id = "C-4")
  void register_ofOtherPolicy_keepsTheNextFireTime() {
    scheduler().register(hourly("a").build());
    advance(Duration.ofHours(3));

    scheduler().register(hourly("a").catchUp(CatchUp.latest()).build());

    assertThat(times(tick())).containsExactly(now());
  }

  @Rule(id = "C-4")
  void register_ofOtherTimes_countsAnew() {
    scheduler().register(hourly("a").build());
    scheduler().register(Schedule.cron("b", "0 5 * * *", "jobs").zone(BERLIN).build());
    scheduler().register(Schedule.cron("c", "0 5 * * *", "jobs").zone(BERLIN).build());
    advance(Duration.ofDays(2));

    scheduler().register(Schedule.every("a", Duration.ofHours(2), "jobs").build());
    scheduler().register(Schedule.cron("b", "0 5 * * *", "jobs").zone(ZoneOffset.UTC).build());
    scheduler()
        .register(
            Schedule.cron("c", "0 5 * * *", "jobs")
                .zone(BERLIN)
                .dstRule(DstRule.standard().gap(DstRule.Gap.SKIP))
                .build());

    assertThat(nextFireAt("a")).isEqualTo(in(Duration.ofHours(2)));
    assertThat(nextFireAt("b")).isEqualTo("2026-01-03T05:00:00Z");
    assertThat(nextFireAt("c")).isEqualTo("2026-01-03T04:00:00Z");
    assertThat(tick()).isEmpty();
  }

  @Rule(id = "C-4")
  void register_ofPaused_leavesItPaused() {
    scheduler().register(minutely("a").build());
    scheduler().pause("a");

    scheduler().register(minutely("a").zone(BERLIN).build());

    assertThat(info("a").enabled()).isFalse();
  }

  @Rule(id = "C-4", note = "nothing runs early, and an interval is never shorter than it says")
  void register_betweenSeconds_roundsTheFirstFireTimeUp() {
    advance(Duration.ofMillis(400));
    scheduler().register(Schedule.every("a", Duration.ofSeconds(5), "jobs").build());
    scheduler().register(Schedule.cron("b", "* * * * * *", "jobs").build());

    assertThat(nextFireAt("a")).isEqualTo(ManualClock.START.plusSeconds(6));
    assertThat(nextFireAt("b")).isEqualTo(ManualClock.START.plusSeconds(1));
  }

  @Rule(id = "C-4")
  void changesInTransaction_commitOrRollBackWithIt() {
    scheduler().register(minutely("old").build());
    assertThatThrownBy(
            () ->
                honker.inTransaction(
                    tx -> {
                      scheduler().register(tx, minutely("new").build());
                      scheduler().pause(tx, "old");
                      scheduler().remove(tx, "old");
                      scheduler().trigger(tx, "new");
                      throw new IllegalStateException("no");
                    }))
        .hasMessage("no");
    assertThat(scheduler().list()).extracting(ScheduleInfo::name).containsExactly("old");
    assertThat(info("old").enabled()).isTrue();
    assertThat(jobs().stats().ready()).isZero();

    honker.inTransaction(
        tx -> {
          scheduler().register(tx, minutely("new").build());
          assertThat(scheduler().pause(tx, "new")).isTrue();
          assertThat(scheduler().resume(tx, "new")).isTrue();
          assertThat(scheduler().update(tx, "new", ScheduleUpdate.builder().priority(5).build()))
              .isTrue();
          assertThat(scheduler().trigger(tx, "new")).isPresent();
          assertThat(scheduler().remove(tx, "old")).isTrue();
        });
    assertThat(scheduler().list()).extracting(ScheduleInfo::name).containsExactly("new");
    assertThat(claimOne(jobs()).priority()).isEqualTo(5);
  }

  @Rule(id = "T-3")
  void standAloneChange_insideTransaction_isRefused() {
    honker.inTransaction(
        tx ->
            assertThatThrownBy(() -> scheduler().register(minutely("a").build()))
                .isInstanceOf(NestedWriteException.class)
                .hasMessageContaining("register(tx"));
  }

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

  // C-5: update, remove, pause, resume, trigger

  @Rule(id = "C-5")
  void update_changesWhatIsSetAndNothingElse() {
    scheduler().register(hourly("a").payload("tea").priority(1).expiresAfter(HOUR).build());
    Instant next = nextFireAt("a");
    advanceSeconds(10);

    assertThat(
            scheduler().update("a", ScheduleUpdate.builder().queue("other").maxAttempts(9).build()))
        .isTrue();
    ScheduleInfo changed = info("a");
    assertThat(changed.queue()).isEqualTo("other");
    assertThat(changed.maxAttempts()).isEqualTo(9);
    assertThat(changed.payload()).isEqualTo(Json.of("\"tea\""));
    assertThat(changed.priority()).isEqualTo(1);
    assertThat(changed.expiresAfter()).isEqualTo(HOUR);
    assertThat(changed.nextFireAt()).isEqualTo(next);

    assertThat(
            scheduler()
                .update(
                    "a",
                    ScheduleUpdate.builder().payload(null).priority(-1).neverExpires().build()))
        .isTrue();
    changed = info("a");
    assertThat(changed.payload()).isEqualTo(Json.of("null"));
    assertThat(changed.priority()).isEqualTo(-1);
    assertThat(changed.expiresAfter()).isNull();
  }

  @Rule(id = "C-5")
  void update_ofExpression_countsAnewFromNow() {
    scheduler().register(hourly("a").build());
    scheduler().register(hourly("b").zone(BERLIN).build());
    advance(Duration.ofHours(9));

    ScheduleUpdate update = ScheduleUpdate.builder().expression("0 12 * * *").build();
    assertThat(scheduler().update("a", update)).isTrue();
    assertThat(scheduler().update("b", update)).isTrue();

    assertThat(nextFireAt("b")).isEqualTo("2026-01-01T11:00:00Z");
    assertThat(info("a").shared()).isTrue();
    assertThat(info("b").shared()).isFalse();
    assertThat(tick()).isEmpty();
  }

  @Rule(id = "C-5")
  void update_toWhatHonkerCannotMean_movesIt() {
    scheduler().register(minutely("a").payload("tea").build());
    scheduler().update("a", ScheduleUpdate.builder().expression("0 2/12 * * *").build());
    assertThat(scheduler().list()).extracting(ScheduleInfo::shared).containsExactly(false);

    scheduler().update("a", ScheduleUpdate.builder().expression("@daily").build());
    assertThat(scheduler().list()).extracting(ScheduleInfo::shared).containsExactly(true);
    assertThat(info("a").payload()).isEqualTo(Json.of("\"tea\""));
  }

  @Rule(id = "C-5")
  void update_ofNothingOrNobody_isFalse() {
    scheduler().register(minutely("a").build());

    assertThat(scheduler().update("a", ScheduleUpdate.builder().build())).isFalse();
    assertThat(scheduler().update("b", ScheduleUpdate.builder().priority(1).build())).isFalse();
  }

  @Rule(id = "C-5")
  void update_toBadExpression_isRefusedAndChangesNothing() {
    scheduler().register(minutely("a").build());
    ScheduleInfo before = info("a");

    assertThatThrownBy(
            () ->
                scheduler()
                    .update(
                        "a", ScheduleUpdate.builder().expression("99 * * * *").priority(3).build()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(
            () ->
                scheduler().update("a", ScheduleUpdate.builder().expression("0 0 30 2 *").build()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("never fires");
    assertThat(info("a")).isEqualTo(before);
  }

  @Rule(id = "C-5")
  void remove_endsIt() {
    scheduler().register(minutely("a").build());
    scheduler().register(minutely("b").zone(BERLIN).build());
    advance(Duration.ofMinutes(1));
    assertThat(tick()).hasSize(2);

    assertThat(scheduler().remove("a")).isTrue();
    assertThat(scheduler().remove("b")).isTrue();
    assertThat(scheduler().remove("b")).isFalse();

    advance(Duration.ofMinutes(1));
    assertThat(tick()).isEmpty();
    assertThat(scheduler().find("a")).isEmpty();
    assertThat(jobs().stats().ready()).as("jobs stay").isEqualTo(2);
  }

  @Rule(id = "C-5")
  void pause_stopsFiringUntilResume() {
    scheduler().register(minutely("a").build());
    scheduler().register(minutely("b").zone(BERLIN).build());
    assertThat(scheduler().pause("a")).isTrue();
    assertThat(scheduler().pause("a")).isFalse();
    assertThat(scheduler().pause("b")).isTrue();
    assertThat(scheduler().pause("c")).isFalse();
    assertThat(scheduler().soonest()).isEmpty();
    advance(Duration.ofMinutes(10).plusSeconds(30));
    assertThat(tick()).isEmpty();

    assertThat(scheduler().resume("a")).isTrue();
    assertThat(scheduler().resume("b")).isTrue();
    assertThat(scheduler().resume("b")).isFalse();
    assertThat(scheduler().resume("c")).isFalse();

    assertThat(tick()).as("what passed is not made up for").isEmpty();
    advanceSeconds(30);
    assertThat(tick()).hasSize(2);
  }

  @Rule(id = "C-5")
  void trigger_enqueuesNowAndTouchesNoFireTime() {
    scheduler().register(hourly("a").payload("tea").priority(2).build());
    scheduler().register(hourly("b").payload("milk").zone(BERLIN).build());
    Instant next = nextFireAt("a");
    scheduler().pause("b");

    long first = scheduler().trigger("a").orElseThrow();
    long second = scheduler().trigger("b").orElseThrow();

    assertThat(scheduler().trigger("c")).isEmpty();
    assertThat(jobs().claim(5)).extracting(Job::id).containsExactly(first, second);
    assertThat(nextFireAt("a")).isEqualTo(next);
    assertThat(info("b").enabled()).isFalse();
  }

  // C-5: look

  @Rule(id = "C-5")
  void list_isInOrderOfName() {
    scheduler().register(minutely("b").build());
    scheduler().register(minutely("a").zone(BERLIN).build());
    scheduler().register(minutely("C").zone(BERLIN).build());

    assertThat(scheduler().list()).extracting(ScheduleInfo::name).containsExactly("C", "a", "b");
    assertThat(scheduler().find("nobody")).isEmpty();
  }

  @Rule(id = "C-5")
  void next_givesTheStoredFireTimeAndThoseAfterIt() {
    scheduler().register(hourly("a").build());
    scheduler().register(Schedule.cron("b", "30 6 * * *", "jobs").zone(BERLIN).build());
    advance(Duration.ofMinutes(90));

    assertThat(scheduler().next("a", 3)).isEqualTo(series(ManualClock.START.plus(HOUR), HOUR, 3));
    assertThat(scheduler().next("b", 2))
        .containsExactly(
            Instant.parse("2026-01-01T05:30:00Z"), Instant.parse("2026-01-02T05:30:00Z"));
    assertThat(scheduler().next("nobody", 2)).isEmpty();
    assertThatThrownBy(() -> scheduler().next("a", 0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> scheduler().next("a", 10_001))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Rule(id = "C-5")
  void next_ofPaused_countsFromNow() {
    scheduler().register(hourly("a").build());
    scheduler().pause("a");
    advance(Duration.ofDays(3));

    assertThat(scheduler().next("a", 1)).containsExactly(in(HOUR));
  }

  @Rule(id = "C-5")
  void preview_needsNoRegistration() {
    Schedule schedule = Schedule.cron("a", "30 2 * * *", "jobs").zone(BERLIN).build();

    assertThat(scheduler().preview(schedule, Instant.parse("2026-03-28T01:30:00Z"), 3))
        .containsExactly(
            Instant.parse("2026-03-29T01:00:00Z"),
            Instant.parse("2026-03-30T00:30:00Z"),
            Instant.parse("2026-03-31T00:30:00Z"));
    assertThat(scheduler().list()).isEmpty();
    assertThatThrownBy(() -> scheduler().preview(Schedule.cron("a", "x", "jobs").build(), now(), 1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Rule(id = "C-5")
  void soonest_isTheEarliestOfAll() {
    assertThat(scheduler().soonest()).isEmpty();
    scheduler().register(hourly("a").build());
    scheduler().register(minutely("b").zone(BERLIN).build());
    assertThat(scheduler().soonest()).contains(in(Duration.ofMinutes(1)));

    scheduler().pause("b");
    assertThat(scheduler().soonest()).contains(in(HOUR));

    advance(Duration.ofHours(2));
    assertThat(scheduler().soonest()).as("overdue").contains(ManualClock.START.plus(HOUR));
  }

  @Rule(id = "C-4")
  void schedules_surviveReopening() {
    scheduler().register(hourly("a").build());
    scheduler().register(hourly("b").zone(BERLIN).build());
    List<ScheduleInfo> before = scheduler().list();
    honker = store.reopen();

    assertThat(scheduler().list()).isEqualTo(before);
    advance(HOUR);
    assertThat(tick()).hasSize(2);
  }
}
