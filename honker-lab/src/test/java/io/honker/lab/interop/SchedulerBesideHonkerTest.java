package io.honker.lab.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.honker.Honker;
import io.honker.codec.Json;
import io.honker.codec.TypeRef;
import io.honker.queue.Job;
import io.honker.queue.ScheduledFire;
import io.honker.runtime.codec.JacksonCodec;
import io.honker.schedule.Fire;
import io.honker.schedule.RunningScheduler;
import io.honker.schedule.Schedule;
import io.honker.schedule.ScheduleInfo;
import io.honker.schedule.ScheduleUpdate;
import io.honker.schedule.Scheduler;
import io.honker.schedule.SchedulerOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Schedules of the real honker and of this library on one file (rules F-5, C-1, C-3). Real time
 * passes here, because honker knows no other; fires are asked for with a time in the future.
 */
class SchedulerBesideHonkerTest {

  private static final Duration SOON = Duration.ofSeconds(90);
  private static final String REGISTER = "SELECT honker_scheduler_register(?,?,?,?,?,?,?)";

  private final JacksonCodec codec = new JacksonCodec();
  @TempDir private Path folder;
  private @Nullable HonkerProcess process;
  private @Nullable Honker honker;

  @BeforeEach
  void openBoth() throws IOException {
    process = HonkerProcess.on(folder.resolve("app.db"));
    honker = Honker.open(folder.resolve("app.db"));
  }

  @AfterEach
  void closeBoth() throws Exception {
    if (honker != null) {
      honker.close();
    }
    if (process != null) {
      process.close();
    }
  }

  private Honker ours() {
    return Objects.requireNonNull(honker);
  }

  private Scheduler scheduler() {
    return ours().scheduler();
  }

  private @Nullable Object theirs(String sql, @Nullable Object... parameters) throws IOException {
    return Objects.requireNonNull(process).call(sql, parameters);
  }

  private long theirNumber(String sql, @Nullable Object... parameters) throws IOException {
    return theirs(sql, parameters) instanceof Number number ? number.longValue() : -1;
  }

  /** What a function of honker's returned as a JSON array of objects. */
  @SuppressWarnings("unchecked")
  private List<Map<String, Object>> theirObjects(String sql, @Nullable Object... parameters)
      throws IOException {
    String text = String.valueOf(theirs(sql, parameters));
    Object decoded = codec.decode(text, new TypeRef<List<Map<String, Object>>>() {}.type());
    return (List<Map<String, Object>>) Objects.requireNonNull(decoded);
  }

  private ScheduleInfo info(String name) {
    return scheduler().find(name).orElseThrow(() -> new AssertionError(name + " is gone"));
  }

  @Test
  void scheduleOfHonker_isSeenChangedAndFired() throws IOException {
    theirs(REGISTER, "nightly", "reports", "@every 1h", "{\"tea\":2}", 5, 90, 4);

    ScheduleInfo seen = info("nightly");
    assertThat(seen.queue()).isEqualTo("reports");
    assertThat(seen.expression()).isEqualTo("@every 1h");
    assertThat(seen.payload()).isEqualTo(Json.of("{\"tea\":2}"));
    assertThat(seen.priority()).isEqualTo(5);
    assertThat(seen.expiresAfter()).isEqualTo(Duration.ofSeconds(90));
    assertThat(seen.maxAttempts()).isEqualTo(4);
    assertThat(seen.shared()).isTrue();
    assertThat(seen.nextFireAt().getEpochSecond())
        .isEqualTo(theirNumber("SELECT honker_scheduler_soonest()"));

    List<Fire> fires = scheduler().tick(seen.nextFireAt());
    assertThat(fires).singleElement().satisfies(f -> assertThat(f.queue()).isEqualTo("reports"));
    assertThat(theirNumber("SELECT honker_scheduler_soonest()"))
        .isEqualTo(seen.nextFireAt().getEpochSecond() + 3600);
    assertThat(String.valueOf(theirs("SELECT honker_get_job(?)", fires.get(0).jobId())))
        .contains("tea")
        .contains("\"max_attempts\":4");

    assertThat(scheduler().pause("nightly")).isTrue();
    assertThat(theirNumber("SELECT honker_scheduler_resume(?)", "nightly")).isEqualTo(1);
    assertThat(info("nightly").enabled()).isTrue();
  }

  @Test
  void scheduleOfOurs_isSeenChangedAndFiredByHonker() throws IOException {
    scheduler()
        .register(
            Schedule.every("hourly", Duration.ofHours(1), "reports")
                .payload("tea")
                .priority(5)
                .maxAttempts(2)
                .expiresAfter(Duration.ofDays(9))
                .build());
    Instant due = info("hourly").nextFireAt();

    Map<String, Object> seen = theirObjects("SELECT honker_scheduler_list()").get(0);
    assertThat(seen)
        .containsEntry("name", "hourly")
        .containsEntry("queue", "reports")
        .containsEntry("cron_expr", "@every 3600s")
        .containsEntry("payload", "\"tea\"")
        .containsEntry("enabled", true);

    List<Map<String, Object>> fires =
        theirObjects("SELECT honker_scheduler_tick(?)", due.getEpochSecond());
    assertThat(fires).hasSize(1);
    assertThat(scheduler().tick(due)).as("fired already").isEmpty();
    assertThat(info("hourly").nextFireAt()).isEqualTo(due.plusSeconds(3600));
    Job<String> job = ours().queue("reports", String.class).claim().orElseThrow();
    assertThat(job.payload()).isEqualTo("tea");
    assertThat(job.priority()).isEqualTo(5);
    assertThat(job.maxAttempts()).isEqualTo(2);
    assertThat(job.scheduledFire()).as("honker does not say").isEmpty();

    assertThat(theirNumber("SELECT honker_scheduler_pause(?)", "hourly")).isEqualTo(1);
    assertThat(info("hourly").enabled()).isFalse();
    assertThat(theirNumber("SELECT honker_scheduler_unregister(?)", "hourly")).isEqualTo(1);
    assertThat(scheduler().list()).isEmpty();
  }

  @Test
  void everyStoredExpression_isReadableByHonker_andMeansTheSame() throws IOException {
    List<String> expressions =
        List.of(
            "* * * * *",
            "5/15 * * * *",
            "0 9 * JAN,JUL MON-FRI",
            "30 4 * * 7",
            "@daily",
            "@hourly",
            "@weekly",
            "@yearly",
            "*/10 * * * * *",
            "  0   12 *  * * ",
            "@every 90s",
            "@every 2h",
            "0-30/7 8-18 1,15 * *",
            "0 12 29 2 *");
    for (int i = 0; i < expressions.size(); i++) {
      scheduler().register(Schedule.cron("s" + i, expressions.get(i), "jobs").build());
    }
    scheduler().update("s0", ScheduleUpdate.builder().expression("7/20 * * feb *").build());

    assertThat(scheduler().list()).allMatch(ScheduleInfo::shared);
    for (ScheduleInfo info : scheduler().list()) {
      long before = info.nextFireAt().getEpochSecond() - 1;
      if (info.expression().startsWith("@every")) {
        assertThat(theirNumber("SELECT honker_cron_next_after(?,?)", info.expression(), before))
            .isGreaterThan(before);
      } else {
        assertThat(theirNumber("SELECT honker_cron_next_after(?,?)", info.expression(), before))
            .as(info.expression())
            .isEqualTo(info.nextFireAt().getEpochSecond());
      }
    }
  }

  @Test
  void scheduleThatHonkerCannotMean_isNotThereForIt() throws IOException {
    scheduler().register(Schedule.cron("utc", "* * * * *", "jobs").zone(ZoneOffset.UTC).build());
    Instant due = info("utc").nextFireAt();

    assertThat(theirObjects("SELECT honker_scheduler_list()")).isEmpty();
    assertThat(theirObjects("SELECT honker_scheduler_tick(?)", due.getEpochSecond())).isEmpty();
    assertThat(scheduler().tick(due)).hasSize(1);
  }

  @Test
  void nameThatHonkerRegistersAgain_isHonkers() throws IOException {
    scheduler()
        .register(
            Schedule.cron("a", "* * * * *", "jobs").payload("old").zone(ZoneOffset.UTC).build());
    theirs(REGISTER, "a", "jobs", "* * * * *", "\"new\"", 0, null, 3);

    assertThat(scheduler().list())
        .singleElement()
        .satisfies(info -> assertThat(info.shared()).isTrue());
    List<Fire> fires = scheduler().tick(info("a").nextFireAt());
    assertThat(fires).hasSize(1);
    assertThat(ours().queue("jobs", String.class).find(fires.get(0).jobId()))
        .hasValueSatisfying(job -> assertThat(job.payload()).isEqualTo("new"));
  }

  @Test
  void leaderOfHonkers_keepsTheSharedTable_andItsReleaseIsNoticed() throws IOException {
    assertThat(theirNumber("SELECT honker_lock_acquire(?,?,?)", "honker-scheduler", "node", 600))
        .isEqualTo(1);
    scheduler().register(Schedule.every("shared", Duration.ofSeconds(1), "jobs").build());
    scheduler()
        .register(Schedule.every("own", Duration.ofSeconds(1), "own").zone(ZoneOffset.UTC).build());
    try (RunningScheduler running = scheduler().start()) {
      await().atMost(SOON).until(() -> ours().queue("own", String.class).stats().ready() >= 2);
      assertThat(running.isLeader()).isFalse();
      assertThat(ours().queue("jobs", String.class).stats().ready()).isZero();

      assertThat(theirNumber("SELECT honker_lock_release(?,?)", "honker-scheduler", "node"))
          .isEqualTo(1);
      await().atMost(SOON).until(running::isLeader);
      await().atMost(SOON).until(() -> ours().queue("jobs", String.class).stats().ready() >= 2);
    }
  }

  @Test
  void leaderOfOurs_keepsHonkerOut_untilItCloses() throws IOException {
    try (RunningScheduler running = scheduler().start()) {
      await().atMost(SOON).until(running::isLeader);
      assertThat(theirNumber("SELECT honker_lock_acquire(?,?,?)", "honker-scheduler", "node", 60))
          .isZero();
    }
    assertThat(theirNumber("SELECT honker_lock_acquire(?,?,?)", "honker-scheduler", "node", 60))
        .isEqualTo(1);
  }

  @Test
  void registrationByHonker_wakesOurLeader() throws IOException {
    // the next renewal comes long after this test has ended, so it is not what wakes the leader
    SchedulerOptions options = SchedulerOptions.builder().leaderLease(Duration.ofHours(1)).build();
    try (RunningScheduler running = scheduler().start(options)) {
      await().atMost(SOON).until(running::isLeader);
      theirs(REGISTER, "a", "jobs", "* * * * * *", "1", 0, null, 3);
      await().atMost(SOON).until(() -> ours().queue("jobs", Integer.class).stats().ready() >= 1);
      Job<Integer> job = ours().queue("jobs", Integer.class).claim().orElseThrow();
      assertThat(job.scheduledFire()).map(ScheduledFire::schedule).contains("a");
    }
  }
}
