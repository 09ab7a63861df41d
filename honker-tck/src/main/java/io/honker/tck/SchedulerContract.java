package io.honker.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.honker.codec.Json;
import io.honker.error.NestedWriteException;
import io.honker.error.PayloadException;
import io.honker.queue.Job;
import io.honker.schedule.CatchUp;
import io.honker.schedule.DstRule;
import io.honker.schedule.Schedule;
import io.honker.schedule.ScheduleInfo;
import io.honker.schedule.ScheduleUpdate;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;

/**
 * Rules C-1, C-4 and C-5: schedules registered, changed and looked at.
 *
 * @since 0.1.0
 */
public abstract class SchedulerContract extends SchedulingContract {

  /** Creates the contract; the subclass supplies the store. */
  protected SchedulerContract() {}

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
