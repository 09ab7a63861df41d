package io.honker.tck;

import static io.honker.tck.Eventually.assertEventually;
import static io.honker.tck.Eventually.awaitTrue;
import static org.assertj.core.api.Assertions.assertThat;

import io.honker.Honker;
import io.honker.observe.HonkerEvent.LoopFailed;
import io.honker.observe.HonkerEvent.ScheduleFailed;
import io.honker.observe.HonkerEvent.ScheduleFired;
import io.honker.observe.HonkerEvent.ScheduleUnreadable;
import io.honker.observe.HonkerEvent.SchedulerLeads;
import io.honker.observe.HonkerObserver;
import io.honker.queue.Job;
import io.honker.schedule.RunningScheduler;
import io.honker.schedule.Schedule;
import io.honker.schedule.ScheduleUpdate;
import io.honker.schedule.Scheduler;
import io.honker.schedule.SchedulerOptions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Rules C-3, C-5 and C-6: who fires, when, and what happens when leaders end, die, stall or are
 * robbed.
 *
 * @since 0.1.0
 */
public abstract class SchedulerLoopContract extends StoreContract {

  private static final String LOCK = "honker-scheduler";
  private static final String OWN_LOCK = "honkerj-scheduler";
  private static final Duration LEASE = Duration.ofSeconds(60);
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final String THREAD = "honker-scheduler-";

  /** Creates the contract; the subclass supplies the store. */
  protected SchedulerLoopContract() {}

  private Scheduler scheduler() {
    return honker.scheduler();
  }

  private static Schedule shared(String name) {
    return Schedule.every(name, MINUTE, "jobs").payload(name).build();
  }

  private static Schedule ours(String name) {
    return Schedule.every(name, MINUTE, "jobs").payload(name).zone(ZoneOffset.UTC).build();
  }

  private RunningScheduler startLeader() {
    RunningScheduler running = scheduler().start();
    awaitLeads(LOCK, true);
    awaitLeads(OWN_LOCK, true);
    store.clock().awaitParked(THREAD);
    return running;
  }

  private void awaitLeads(String lock, boolean leads) {
    store
        .observer()
        .await(SchedulerLeads.class, event -> event.equals(new SchedulerLeads(lock, leads)));
  }

  private static void awaitLeader(RunningScheduler running) {
    awaitTrue(() -> "leadership", running::isLeader);
  }

  private void awaitFired(int count) {
    awaitTrue(
        () -> count + " fires, seen: " + store.observer().events(),
        () -> store.observer().events(ScheduleFired.class).size() >= count);
    assertThat(store.observer().events(ScheduleFired.class)).hasSize(count);
  }

  private List<Instant> fireTimes() {
    return store.observer().events(ScheduleFired.class).stream()
        .map(ScheduleFired::fireAt)
        .toList();
  }

  private @Nullable String lockOwner(String name) throws SQLException {
    List<Row> rows = rawQuery("SELECT owner FROM _honker_locks WHERE name = ?", name);
    return rows.isEmpty() ? null : rows.get(0).text("owner");
  }

  private long lockEnd(String name) throws SQLException {
    return rawQuery("SELECT expires_at FROM _honker_locks WHERE name = ?", name)
        .get(0)
        .number("expires_at");
  }

  private void steal(String lock, long until) throws SQLException {
    rawExecute(
        "REPLACE INTO _honker_locks(name, owner, expires_at) VALUES (?, 'thief', ?)", lock, until);
  }

  private Instant in(Duration time) {
    return now().plus(time);
  }

  /** Waits until the leader has understood when it is needed next. */
  private void awaitSleepUntil(Instant instant) {
    awaitTrue(
        () -> "the leader's sleep until " + instant + "; " + store.clock(),
        () -> store.clock().toString().contains(" until " + instant));
  }

  // C-6: firing by the clock

  @Rule(id = "C-6")
  void leader_whoseLeaseNeverEnds_fires() {
    scheduler().register(shared("a"));

    try (RunningScheduler running =
        scheduler().start(SchedulerOptions.builder().leaderLease(ENDLESS).build())) {
      awaitLeader(running);
      store.clock().awaitParked(THREAD);
      advance(MINUTE);

      awaitFired(1);
    }
    assertThat(store.observer().events(LoopFailed.class)).isEmpty();
  }

  @Rule(id = "C-6")
  void leader_firesAtEachFireTime() {
    scheduler().register(shared("a"));
    scheduler().register(ours("b"));
    Instant first = in(MINUTE);

    try (RunningScheduler running = startLeader()) {
      assertThat(running.isLeader()).isTrue();
      advanceSeconds(59);
      store.clock().awaitParked(THREAD);
      advanceSeconds(1);
      awaitFired(2);
      store.clock().awaitParked(THREAD);
      advance(MINUTE);
      awaitFired(4);
    }

    assertThat(fireTimes()).containsExactly(first, first, first.plus(MINUTE), first.plus(MINUTE));
    assertThat(jobs().claim(9)).extracting(Job::payload).containsExactly("a", "b", "a", "b");
    assertThat(store.observer().events(LoopFailed.class)).isEmpty();
  }

  @Rule(id = "C-4")
  void leader_whenItBegins_catchesUp() {
    scheduler().register(shared("a"));
    advance(MINUTE.multipliedBy(3));

    try (RunningScheduler running = startLeader()) {
      awaitFired(3);
      assertThat(running.isLeader()).isTrue();
    }
  }

  @Rule(id = "C-6")
  void leader_withNothingToDo_stays() {
    try (RunningScheduler running = startLeader()) {
      for (int i = 0; i < 10; i++) {
        store.clock().awaitParked(THREAD);
        advance(Duration.ofSeconds(30));
      }
      store.clock().awaitParked(THREAD);
      assertThat(running.isLeader()).isTrue();
      advanceSeconds(13);
      scheduler().register(Schedule.every("a", Duration.ofSeconds(7), "jobs").build());
      awaitSleepUntil(in(Duration.ofSeconds(7)));
      advanceSeconds(7);
      awaitFired(1);
    }
    assertThat(store.observer().events(SchedulerLeads.class)).hasSize(4);
  }

  // C-5: schedules change under the leader

  @Rule(id = "C-5")
  void register_wakesTheSleepingLeader() {
    try (RunningScheduler running = startLeader()) {
      scheduler().register(Schedule.every("a", Duration.ofSeconds(5), "jobs").build());
      awaitSleepUntil(in(Duration.ofSeconds(5)));
      advanceSeconds(5);
      awaitFired(1);
      assertThat(running.isLeader()).isTrue();
    }
    assertThat(fireTimes()).containsExactly(ManualClock.START.plusSeconds(5));
  }

  @Rule(id = "C-5")
  void registerByAnotherProcess_wakesTheSleepingLeader() {
    Honker other = store.openSecond();
    try (RunningScheduler running = startLeader()) {
      other.scheduler().register(Schedule.every("a", Duration.ofSeconds(5), "jobs").build());
      awaitSleepUntil(in(Duration.ofSeconds(5)));
      advanceSeconds(5);
      awaitFired(1);
      assertThat(running.isLeader()).isTrue();
    }
  }

  @Rule(id = "C-5")
  void pauseOfEverything_leavesTheLeader_andResumeWakesIt() {
    scheduler().register(shared("a"));
    try (RunningScheduler running = startLeader()) {
      scheduler().pause("a");
      store.clock().awaitParked(THREAD);
      for (int i = 0; i < 20; i++) {
        advance(Duration.ofSeconds(30));
        store.clock().awaitParked(THREAD);
      }
      assertThat(running.isLeader()).isTrue();
      assertThat(fireTimes()).isEmpty();

      advanceSeconds(7);
      scheduler().register(ours("b"));
      scheduler().update("a", ScheduleUpdate.builder().expression("@every 11s").build());
      scheduler().resume("a");
      awaitSleepUntil(in(Duration.ofSeconds(11)));
      advanceSeconds(11);
      awaitFired(1);
      assertThat(fireTimes()).containsExactly(now());
    }
  }

  @Rule(id = "C-5")
  void updateToSoonerTime_wakesTheLeader() {
    scheduler().register(Schedule.every("a", Duration.ofDays(9), "jobs").build());
    try (RunningScheduler running = startLeader()) {
      scheduler().update("a", ScheduleUpdate.builder().expression("@every 3s").build());
      awaitSleepUntil(in(Duration.ofSeconds(3)));
      advanceSeconds(3);
      awaitFired(1);
      assertThat(running.isLeader()).isTrue();
    }
  }

  @Rule(id = "C-5", note = "a row that never advances is due for ever")
  void unreadableSchedule_doesNotKeepTheLeaderAwake() throws SQLException {
    store.require(Capability.SHARED_TABLES);
    rawExecute(
        "INSERT INTO _honker_scheduler_tasks(name, queue, cron_expr, payload, next_fire_at)"
            + " VALUES ('bad', 'jobs', 'nonsense', '1', 5)");
    scheduler().register(shared("good"));
    try (RunningScheduler running = startLeader()) {
      store.observer().await(ScheduleUnreadable.class, event -> event.schedule().equals("bad"));
      store.clock().awaitParked(THREAD);
      advance(MINUTE);
      awaitFired(1);
      store.clock().awaitParked(THREAD);
      assertThat(running.isLeader()).isTrue();
    }
    assertThat(store.observer().events(ScheduleUnreadable.class)).hasSize(1);
  }

  @Rule(id = "C-5")
  void scheduleWhoseJobIsRefused_isTriedAgainAndStopsNobody() throws Exception {
    store.require(Capability.REFUSED_JOBS);
    store.refuseJobsContaining("poison");
    scheduler().register(shared("poison"));
    scheduler().register(Schedule.every("good", Duration.ofSeconds(61), "jobs").build());
    try (RunningScheduler running = startLeader()) {
      advance(MINUTE);
      store.observer().await(ScheduleFailed.class, event -> event.schedule().equals("poison"));
      store.clock().awaitParked(THREAD);
      advanceSeconds(1);
      awaitFired(1);
      scheduler().update("poison", ScheduleUpdate.builder().payload("cake").build());
      advanceUntil(Duration.ofSeconds(1), "both", () -> fireTimes().size() >= 2);
      assertThat(running.isLeader()).isTrue();
    }
    assertThat(store.observer().events(LoopFailed.class)).isEmpty();
  }

  // C-3: one leader

  @Rule(id = "C-3")
  void leader_holdsBothLocks_andCloseReleasesThem() throws SQLException {
    store.require(Capability.SHARED_TABLES);
    try (RunningScheduler running = startLeader()) {
      assertThat(lockOwner(LOCK)).isNotNull().isEqualTo(lockOwner(OWN_LOCK));
      assertThat(lockEnd(LOCK)).isEqualTo(nowSecond() + 60);
      running.close();
      assertThat(running.isLeader()).isFalse();
    }

    assertThat(rawQuery("SELECT * FROM _honker_locks")).isEmpty();
    awaitLeads(LOCK, false);
    awaitLeads(OWN_LOCK, false);
  }

  @Rule(id = "C-3")
  void closeOfHonker_endsTheLeader() throws SQLException {
    store.require(Capability.SHARED_TABLES);
    RunningScheduler running = startLeader();

    honker.close();

    assertThat(running.isLeader()).isFalse();
    assertThat(rawQuery("SELECT * FROM _honker_locks")).isEmpty();
    running.close();
    honker = store.reopen();
  }

  @Rule(id = "C-3")
  void leader_renewsWhenHalfItsLeaseHasPassed() throws SQLException {
    store.require(Capability.SHARED_TABLES);
    try (RunningScheduler running = startLeader()) {
      long end = lockEnd(LOCK);
      advanceSeconds(29);
      store.clock().awaitParked(THREAD);
      assertThat(lockEnd(LOCK)).isEqualTo(end);

      advanceSeconds(1);
      assertEventually(() -> assertThat(lockEnd(LOCK)).isEqualTo(end + 30));
      assertThat(lockEnd(OWN_LOCK)).isEqualTo(end + 30);
      assertThat(running.isLeader()).isTrue();
    }
  }

  @Rule(id = "C-3")
  void leader_withShortLease_renewsInTime() throws SQLException {
    store.require(Capability.SHARED_TABLES);
    SchedulerOptions options =
        SchedulerOptions.builder().leaderLease(Duration.ofSeconds(2)).build();
    try (RunningScheduler running = scheduler().start(options)) {
      awaitLeader(running);
      for (int i = 0; i < 20; i++) {
        store.clock().awaitParked(THREAD);
        advance(Duration.ofMillis(500));
      }
      store.clock().awaitParked(THREAD);
      assertThat(running.isLeader()).isTrue();
    }
    assertThat(store.observer().events(SchedulerLeads.class)).hasSize(4);
  }

  @Rule(id = "C-3", note = "a commit wakes every waiter of every process")
  void leader_withNothingDue_writesNothingButRenewals() throws SQLException {
    store.require(Capability.SHARED_TABLES);
    scheduler().register(Schedule.every("far", Duration.ofDays(30), "jobs").build());
    try (RunningScheduler running = startLeader();
        Connection raw = store.rawConnection()) {
      long before = dataVersion(raw);
      for (int second = 1; second < 30; second++) {
        advanceSeconds(1);
      }
      jobs().stats();
      store.clock().awaitParked(THREAD);
      assertThat(dataVersion(raw)).isEqualTo(before);

      jobs().enqueue("somebody's"); // changes the version once
      store.clock().awaitParked(THREAD);
      assertThat(dataVersion(raw)).isEqualTo(before + 1);
      assertThat(running.isLeader()).isTrue();
    }
  }

  private static long dataVersion(Connection raw) throws SQLException {
    try (Statement statement = raw.createStatement();
        ResultSet row = statement.executeQuery("PRAGMA data_version")) {
      row.next();
      return row.getLong(1);
    }
  }

  @Rule(id = "C-3")
  void standby_takesOverAtOnceWhenTheLeaderCloses() {
    scheduler().register(shared("a"));
    RunningScheduler leader = startLeader();
    try (RunningScheduler standby = scheduler().start()) {
      store.clock().awaitParked(2);
      assertThat(standby.isLeader()).isFalse();

      leader.close();

      awaitLeader(standby);
      assertThat(leader.isLeader()).isFalse();
      store.clock().awaitParked(THREAD);
      advance(MINUTE);
      awaitFired(1);
    }
  }

  @Rule(id = "C-3")
  void standbyOfAnotherProcess_takesOverAtOnceWhenTheLeaderCloses() {
    Honker other = store.openSecond();
    RunningScheduler leader = startLeader();
    try (RunningScheduler standby = other.scheduler().start()) {
      store.clock().awaitParked(2);
      assertThat(standby.isLeader()).isFalse();

      leader.close();

      awaitLeader(standby);
    }
  }

  @Rule(id = "C-3")
  void standby_takesOverWhenADeadLeadersLeaseEnds() throws Exception {
    store.require(Capability.SECOND_RUNTIME);
    FreezableClock mortal = new FreezableClock(store.clock());
    scheduler().register(shared("a"));
    scheduler().register(ours("b"));
    Honker dying = store.openSecondStore(mortal, HonkerObserver.NONE);
    RunningScheduler leader = dying.scheduler().start();
    awaitLeader(leader);
    store.clock().awaitParked(THREAD);
    try (RunningScheduler standby = scheduler().start()) {
      store.clock().awaitParked(2);
      mortal.freeze();
      advanceSeconds(59);
      store.clock().awaitParked(2);
      assertThat(standby.isLeader()).isFalse();

      advanceSeconds(1);
      awaitLeader(standby);
      awaitFired(2);

      mortal.thaw(); // it believed that it led until now
      awaitTrue(() -> "the old leader's insight", () -> !leader.isLeader());
      store.clock().awaitParked(2);
      advance(MINUTE); // the new lease ends too: either may fire
      assertEventually(() -> assertThat(jobs().stats().ready()).isEqualTo(4));
      store.clock().awaitParked(2);
      assertThat(jobs().stats().ready()).isEqualTo(4);
    } finally {
      mortal.thaw();
      leader.close();
      dying.close();
    }
  }

  @Rule(id = "C-3")
  void stalledLeader_thatWakesAlone_leadsAgainAndCatchesUp() {
    scheduler().register(shared("a"));
    try (RunningScheduler running = startLeader()) {
      advance(LEASE.multipliedBy(5));
      awaitFired(5);
      assertThat(running.isLeader()).isTrue();
    }
  }

  @Rule(id = "C-3", note = "lock check, jobs and next fire time are one transaction")
  void robbedLeader_firesNothingAndLeavesTheThiefAlone() throws SQLException {
    store.require(Capability.SHARED_TABLES);
    scheduler().register(shared("a"));
    scheduler().register(ours("b"));
    try (RunningScheduler running = startLeader()) {
      long until = nowSecond() + 300;
      steal(LOCK, until);
      awaitLeads(LOCK, false);
      assertThat(running.isLeader()).isFalse();
      store.clock().awaitParked(THREAD);
      advance(MINUTE);
      awaitFired(1);
      assertThat(store.observer().events(ScheduleFired.class).get(0).schedule())
          .as("it still leads the other table")
          .isEqualTo("b");
      assertThat(lockOwner(LOCK)).isEqualTo("thief");
      assertThat(lockEnd(LOCK)).isEqualTo(until);

      advanceUntil(Duration.ofSeconds(30), "leadership after the thief's", running::isLeader);
      assertThat(nowSecond()).isGreaterThanOrEqualTo(until);
      awaitTrue(
          () -> "the fires of the theft",
          () ->
              store.observer().events(ScheduleFired.class).stream()
                      .filter(event -> event.schedule().equals("a"))
                      .count()
                  >= 5);
    }
  }

  @Rule(id = "C-3", note = "the thief commits between the leader's look and its write")
  void leaderRobbedInTheMiddleOfATick_firesNothing() throws SQLException {
    store.require(Capability.SHARED_TABLES);
    scheduler().register(Schedule.every("a", Duration.ofSeconds(10), "jobs").build());
    try (RunningScheduler running = startLeader();
        Connection thief = store.rawConnection();
        Statement statement = thief.createStatement()) {
      statement.execute("BEGIN IMMEDIATE");
      statement.execute("UPDATE _honker_locks SET owner = 'thief' WHERE name = '" + LOCK + "'");
      advanceSeconds(10);
      awaitTrue(() -> "a tick that waits for the writer", SchedulerLoopContract::isTicking);
      statement.execute("COMMIT");

      awaitLeads(LOCK, false);
      store.clock().awaitParked(THREAD);
      assertThat(running.isLeader()).isFalse();
      assertThat(fireTimes()).isEmpty();
      assertThat(lockOwner(LOCK)).isEqualTo("thief");
      assertThat(scheduler().find("a").orElseThrow().nextFireAt()).isEqualTo(now());
    }
  }

  private static boolean isTicking() {
    return Thread.getAllStackTraces().entrySet().stream()
        .filter(entry -> entry.getKey().getName().startsWith(THREAD))
        .flatMap(entry -> Stream.of(entry.getValue()))
        .anyMatch(frame -> frame.getMethodName().equals("write"));
  }

  @Rule(id = "C-3")
  void foreignLeader_keepsTheSharedTableToItself() throws SQLException {
    store.require(Capability.SHARED_TABLES);
    steal(LOCK, nowSecond() + 30);
    scheduler().register(shared("a"));
    scheduler().register(ours("b"));
    try (RunningScheduler running = scheduler().start()) {
      awaitLeads(OWN_LOCK, true);
      assertThat(running.isLeader()).isFalse();
      rawExecute("DELETE FROM _honker_locks WHERE name = ?", LOCK);
      awaitLeader(running);
    }
  }

  @Rule(id = "C-3", note = "SQLite stores any type in any column")
  void lockThatNobodyCanTake_doesNotKeepTheStandbyAwake() throws SQLException {
    store.require(Capability.SHARED_TABLES);
    rawExecute("INSERT INTO _honker_locks(name, owner, expires_at) VALUES (?, 'x', 'soon')", LOCK);
    try (RunningScheduler running = scheduler().start()) {
      awaitLeads(OWN_LOCK, true);
      awaitSleepUntil(in(Duration.ofSeconds(1)));
      rawExecute("DELETE FROM _honker_locks WHERE name = ?", LOCK);
      advanceSeconds(1);
      awaitLeader(running);
    }
  }

  @Rule(id = "C-3")
  void twoOfOneProcess_fireEachTimeOnce() {
    scheduler().register(shared("a"));
    try (RunningScheduler one = scheduler().start();
        RunningScheduler two = scheduler().start()) {
      awaitTrue(() -> "a leader", () -> one.isLeader() || two.isLeader());
      store.clock().awaitParked(2);
      assertThat(one.isLeader()).isNotEqualTo(two.isLeader());
      advance(MINUTE);
      awaitFired(1);
      store.clock().awaitParked(2);
      assertThat(jobs().stats().ready()).isEqualTo(1);
    }
  }

  // C-5: failures

  @Rule(id = "C-5")
  void failingLoop_backsOffAndGoesOn() throws SQLException {
    store.require(Capability.SHARED_TABLES);
    scheduler().register(shared("a"));
    try (RunningScheduler running = startLeader()) {
      rawExecute("ALTER TABLE _honker_scheduler_tasks RENAME TO away");
      advance(MINUTE);
      store.observer().await(LoopFailed.class, event -> event.loop().startsWith(THREAD));
      rawExecute("ALTER TABLE away RENAME TO _honker_scheduler_tasks");
      advanceUntil(Duration.ofSeconds(1), "a fire", () -> !fireTimes().isEmpty());
      assertThat(running.isLeader()).isTrue();
    }
  }

  @Rule(id = "C-3")
  void close_whileTheLoopBacksOff_endsIt() throws SQLException {
    store.require(Capability.SHARED_TABLES);
    try (RunningScheduler running = startLeader()) {
      rawExecute("ALTER TABLE _honker_scheduler_tasks RENAME TO away");
      advance(MINUTE);
      store.observer().await(LoopFailed.class, event -> event.loop().startsWith(THREAD));

      running.close();

      assertThat(rawQuery("SELECT * FROM _honker_locks")).isEmpty();
    }
    rawExecute("ALTER TABLE away RENAME TO _honker_scheduler_tasks");
  }
}
