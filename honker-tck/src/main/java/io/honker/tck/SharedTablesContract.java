package io.honker.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.honker.codec.TypeRef;
import io.honker.queue.EnqueueOptions;
import io.honker.queue.Job;
import io.honker.queue.JobQueue;
import io.honker.queue.JobSnapshot;
import io.honker.queue.JobState;
import io.honker.queue.QueueOptions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;

/**
 * Rules F-1, F-4 and F-5: the tables that other honker processes read and write while we run. Rows
 * are planted and read by plain SQL, as such a process does.
 *
 * @since 0.1.0
 */
public abstract class SharedTablesContract extends StoreContract {

  private static final String PLANT =
      "INSERT INTO _honker_live(queue, payload, state, priority, run_at, worker_id,"
          + " claim_expires_at, attempts, max_attempts, created_at, expires_at)"
          + " VALUES ('jobs', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

  /** Creates the contract; the subclass supplies the store. */
  protected SharedTablesContract() {}

  @BeforeEach
  void requireSharedTables() {
    store.require(Capability.SHARED_TABLES);
  }

  private void plantPending(String json, int priority, long runAt, int attempts, int maxAttempts)
      throws SQLException {
    rawExecute(
        PLANT, json, "pending", priority, runAt, null, null, attempts, maxAttempts, runAt, null);
  }

  private void plantProcessing(String json, String worker, long until, int attempts)
      throws SQLException {
    rawExecute(
        PLANT, json, "processing", 0, nowSecond(), worker, until, attempts, 3, nowSecond(), null);
  }

  private Row liveRow(long id) throws SQLException {
    return onlyRow("SELECT * FROM _honker_live WHERE id = ?", id);
  }

  private Row deadRow(long id) throws SQLException {
    return onlyRow("SELECT * FROM _honker_dead WHERE id = ?", id);
  }

  private Row onlyRow(String sql, @Nullable Object... parameters) throws SQLException {
    List<Row> rows = rawQuery(sql, parameters);
    assertThat(rows).hasSize(1);
    return rows.get(0);
  }

  private long count(String table) throws SQLException {
    return onlyRow("SELECT COUNT(*) AS n FROM " + table).number("n");
  }

  // F-1, F-4: what is there

  @Rule(id = "F-1")
  void newDatabase_hasTheSharedTables() throws SQLException {
    assertThat(columns("_honker_notifications"))
        .containsExactlyInAnyOrder("id", "channel", "payload", "created_at");
    assertThat(columns("_honker_live"))
        .containsExactlyInAnyOrder(
            "id",
            "queue",
            "payload",
            "state",
            "priority",
            "run_at",
            "worker_id",
            "claim_expires_at",
            "attempts",
            "max_attempts",
            "created_at",
            "expires_at");
    assertThat(columns("_honker_dead"))
        .containsExactlyInAnyOrder(
            "id",
            "queue",
            "payload",
            "priority",
            "run_at",
            "attempts",
            "max_attempts",
            "last_error",
            "created_at",
            "died_at");
    assertThat(columns("_honker_locks")).containsExactlyInAnyOrder("name", "owner", "expires_at");
    assertThat(columns("_honker_rate_limits"))
        .containsExactlyInAnyOrder("name", "window_start", "count");
    assertThat(columns("_honker_scheduler_tasks"))
        .containsExactlyInAnyOrder(
            "name",
            "queue",
            "cron_expr",
            "payload",
            "priority",
            "expires_s",
            "next_fire_at",
            "enabled",
            "max_attempts");
    assertThat(columns("_honker_results"))
        .containsExactlyInAnyOrder("job_id", "value", "created_at", "expires_at");
    assertThat(columns("_honker_stream"))
        .containsExactlyInAnyOrder("offset", "topic", "key", "payload", "created_at");
    assertThat(columns("_honker_stream_consumers"))
        .containsExactlyInAnyOrder("name", "topic", "offset");
  }

  private Set<String> columns(String table) throws SQLException {
    try (Connection raw = store.rawConnection();
        ResultSet columns = raw.getMetaData().getColumns(null, null, table, null)) {
      TreeSet<String> names = new TreeSet<>();
      while (columns.next()) {
        names.add(columns.getString("COLUMN_NAME").toLowerCase(Locale.ROOT));
      }
      return names;
    }
  }

  @Rule(id = "F-4")
  void newDatabase_keepsOurOwnTablesUnderOurPrefix() throws SQLException {
    try (Connection raw = store.rawConnection();
        ResultSet tables = raw.getMetaData().getTables(null, null, "%", new String[] {"TABLE"})) {
      TreeSet<String> names = new TreeSet<>();
      while (tables.next()) {
        names.add(tables.getString("TABLE_NAME").toLowerCase(Locale.ROOT));
      }
      assertThat(names).contains("_honkerj_meta");
      assertThat(names)
          .filteredOn(name -> name.startsWith("_honker"))
          .allMatch(name -> name.startsWith("_honkerj_") || name.startsWith("_honker_"));
    }
  }

  @Rule(id = "F-4")
  void databaseId_afterReopening_isTheSame() throws Exception {
    String id = honker.info().databaseId();

    honker = store.reopen();

    assertThat(honker.info().databaseId()).isEqualTo(id).isNotBlank();
    try (StoreFixture other = newStore()) {
      assertThat(other.honker().info().databaseId()).isNotEqualTo(id);
    }
  }

  // F-5: what we write

  @Rule(id = "F-5")
  void enqueue_writesAPendingRow() throws SQLException {
    long id = jobs().enqueue("brew");

    Row row = liveRow(id);

    assertThat(row.text("queue")).isEqualTo("jobs");
    assertThat(row.text("payload")).isEqualTo("\"brew\"");
    assertThat(row.text("state")).isEqualTo("pending");
    assertThat(row.number("priority")).isZero();
    assertThat(row.number("run_at")).isEqualTo(nowSecond());
    assertThat(row.number("attempts")).isZero();
    assertThat(row.number("max_attempts")).isEqualTo(3);
    assertThat(row.number("created_at")).isEqualTo(nowSecond());
    assertThat(row.isNull("worker_id")).isTrue();
    assertThat(row.isNull("claim_expires_at")).isTrue();
    assertThat(row.isNull("expires_at")).isTrue();
  }

  @Rule(id = "F-5")
  void enqueue_withOptions_writesThem() throws SQLException {
    long id =
        jobs()
            .enqueueAll(
                List.of("brew"),
                EnqueueOptions.builder()
                    .priority(7)
                    .delay(Duration.ofSeconds(60))
                    .expiresAfter(Duration.ofSeconds(90))
                    .maxAttempts(5)
                    .build())
            .get(0);

    Row row = liveRow(id);

    assertThat(row.number("priority")).isEqualTo(7);
    assertThat(row.number("run_at")).isEqualTo(nowSecond() + 60);
    assertThat(row.number("expires_at")).isEqualTo(nowSecond() + 90);
    assertThat(row.number("max_attempts")).isEqualTo(5);
  }

  @Rule(id = "F-5")
  void writesOfQueues_writeNoNotifications() throws SQLException {
    jobs().enqueue("brew");
    claimOne(jobs()).retry(Duration.ZERO, "no milk");
    claimOne(jobs()).ack();

    assertThat(count("_honker_notifications")).isZero();
  }

  @Rule(id = "F-5")
  void claim_writesOwnerLeaseAndAttempt() throws SQLException {
    long id = jobs().enqueue("brew");
    advanceSeconds(5);

    Job<String> job = claimOne(jobs());

    Row row = liveRow(id);
    assertThat(row.text("state")).isEqualTo("processing");
    assertThat(row.text("worker_id")).isEqualTo(job.workerId());
    assertThat(row.number("claim_expires_at")).isEqualTo(nowSecond() + 300);
    assertThat(row.number("attempts")).isEqualTo(1);
    assertThat(row.number("run_at")).isEqualTo(nowSecond() - 5);
  }

  @Rule(id = "F-5")
  void ack_deletesTheRow() throws SQLException {
    jobs().enqueue("brew");
    claimOne(jobs()).ack();

    assertThat(count("_honker_live")).isZero();
    assertThat(count("_honker_dead")).isZero();
  }

  @Rule(id = "F-5")
  void retry_writesAPendingRow() throws SQLException {
    long id = jobs().enqueue("brew");
    claimOne(jobs()).retry(Duration.ofSeconds(60), "no milk");

    Row row = liveRow(id);

    assertThat(row.text("state")).isEqualTo("pending");
    assertThat(row.number("run_at")).isEqualTo(nowSecond() + 60);
    assertThat(row.number("attempts")).isEqualTo(1);
    assertThat(row.isNull("worker_id")).isTrue();
    assertThat(row.isNull("claim_expires_at")).isTrue();
  }

  @Rule(id = "F-5")
  void fail_writesADeadRow() throws SQLException {
    long id = jobs().enqueue("brew", EnqueueOptions.builder().priority(7).build());
    long created = nowSecond();
    Job<String> job = claimOne(jobs());
    advanceSeconds(5);
    job.fail("no cups");

    Row row = deadRow(id);

    assertThat(row.text("queue")).isEqualTo("jobs");
    assertThat(row.text("payload")).isEqualTo("\"brew\"");
    assertThat(row.number("priority")).isEqualTo(7);
    assertThat(row.number("run_at")).isEqualTo(created);
    assertThat(row.number("attempts")).isEqualTo(1);
    assertThat(row.number("max_attempts")).isEqualTo(3);
    assertThat(row.text("last_error")).isEqualTo("no cups");
    assertThat(row.number("created_at")).isEqualTo(created);
    assertThat(row.number("died_at")).isEqualTo(nowSecond());
    assertThat(count("_honker_live")).isZero();
  }

  @Rule(id = "F-5")
  void requeue_writesAPendingRowOfTheSameId() throws SQLException {
    long id = jobs().enqueue("brew");
    claimOne(jobs()).fail("no cups");
    jobs().deadLetters().requeue(id);

    assertThat(liveRow(id).text("state")).isEqualTo("pending");
    assertThat(liveRow(id).number("attempts")).isZero();
    assertThat(count("_honker_dead")).isZero();
  }

  @Rule(id = "F-5")
  void saveResult_writesJsonTextAndExpiry() throws SQLException {
    honker.results().save(7, List.<Object>of("a", 1), Duration.ofSeconds(60));
    honker.results().save(8, null, Duration.ZERO);

    Row kept = onlyRow("SELECT * FROM _honker_results WHERE job_id = 7");
    assertThat(kept.text("value")).isEqualTo("[\"a\",1]");
    assertThat(kept.number("created_at")).isEqualTo(nowSecond());
    assertThat(kept.number("expires_at")).isEqualTo(nowSecond() + 60);
    Row eternal = onlyRow("SELECT * FROM _honker_results WHERE job_id = 8");
    assertThat(eternal.text("value")).isEqualTo("null");
    assertThat(eternal.isNull("expires_at")).isTrue();
  }

  // F-5: what others write

  @Rule(id = "F-5")
  void plantedJobs_areClaimedInOrder() throws SQLException {
    plantPending("\"low\"", 0, nowSecond(), 0, 3);
    plantPending("\"high\"", 9, nowSecond(), 0, 3);
    plantPending("\"later\"", 99, nowSecond() + 60, 0, 3);

    assertThat(payloads(jobs().claim(10))).containsExactly("high", "low");
    advanceSeconds(60);
    assertThat(claimOne(jobs()).payload()).isEqualTo("later");
  }

  @Rule(id = "F-5")
  void plantedJob_withSpacedAndEscapedJson_isReadAlike() throws SQLException {
    plantPending("[ \"\\u00e4\" , \"b\" ]", 0, nowSecond(), 0, 3);

    JobQueue<List<String>> queue = honker.queue("jobs", new TypeRef<List<String>>() {});

    assertThat(claimOne(queue).payload()).containsExactly("ä", "b");
  }

  @Rule(id = "F-5")
  void plantedJob_whenCommitted_wakesAWaitingClaim() throws Exception {
    Background<List<Job<String>>> waiter = inBackground(() -> jobs().claim(1, LONG));
    store.clock().awaitParked(waiter.thread());

    plantPending("\"from python\"", 0, nowSecond(), 0, 3);

    assertThat(payloads(waiter.get())).containsExactly("from python");
  }

  @Rule(id = "F-5")
  void plantedJob_withAllAttemptsUsed_diesAtTheNextClaim() throws SQLException {
    plantPending("\"worn out\"", 0, nowSecond(), 3, 3);
    plantPending("\"fresh\"", 0, nowSecond(), 0, 3);

    assertThat(payloads(jobs().claim(10))).containsExactly("fresh");

    Row dead = onlyRow("SELECT * FROM _honker_dead");
    assertThat(dead.text("last_error")).isEqualTo("max attempts exceeded");
    assertThat(dead.number("attempts")).isEqualTo(3);
    assertThat(dead.number("died_at")).isEqualTo(nowSecond());
  }

  @Rule(id = "F-5")
  void plantedJob_withNoAttemptsAllowed_diesAtTheNextClaim() throws SQLException {
    plantPending("\"never\"", 0, nowSecond(), 0, 0);

    assertThat(jobs().claim()).isEmpty();

    assertThat(onlyRow("SELECT * FROM _honker_dead").text("last_error"))
        .isEqualTo("max attempts exceeded");
  }

  @Rule(id = "F-5")
  void plantedZombie_expiredAndLapsed_dies() throws SQLException {
    rawExecute(
        PLANT,
        "\"zombie\"",
        "processing",
        0,
        nowSecond() - 100,
        "python-1",
        nowSecond() - 50,
        1,
        3,
        nowSecond() - 100,
        nowSecond() - 10);

    assertThat(jobs().claim()).isEmpty();

    assertThat(onlyRow("SELECT * FROM _honker_dead").text("last_error")).isEqualTo("expired");
    assertThat(count("_honker_live")).isZero();
  }

  @Rule(id = "F-5")
  void foreignClaim_isRespectedUntilItLapses() throws SQLException {
    plantProcessing("\"theirs\"", "python-1", nowSecond() + 10, 1);

    advanceSeconds(10);
    assertThat(jobs().claim()).isEmpty();
    advanceSeconds(1);
    Job<String> ours = claimOne(jobs());
    assertThat(ours.payload()).isEqualTo("theirs");
    assertThat(ours.attempt()).isEqualTo(2);
  }

  @Rule(id = "F-5")
  void foreignClaim_whenFound_isInFlight() throws SQLException {
    plantProcessing("\"theirs\"", "python-1", nowSecond() + 10, 1);
    long id = onlyRow("SELECT id FROM _honker_live").number("id");

    JobSnapshot<String> found = jobs().find(id).orElseThrow();

    assertThat(found.state()).isEqualTo(JobState.IN_FLIGHT);
    assertThat(found.workerId()).isEqualTo("python-1");
    assertThat(found.leaseUntil()).isEqualTo(now().plusSeconds(10));
  }

  @Rule(id = "F-5")
  void ourClaim_whenAnotherProcessTookTheJob_isLost() throws SQLException {
    long id = jobs().enqueue("brew");
    Job<String> job = claimOne(jobs());
    rawExecute(
        "UPDATE _honker_live SET worker_id = 'python-1', attempts = attempts + 1,"
            + " claim_expires_at = ? WHERE id = ?",
        nowSecond() + 300,
        id);

    assertThat(job.ack()).isFalse();
    assertThat(job.retry(Duration.ZERO, "late")).isFalse();
    assertThat(liveRow(id).text("worker_id")).isEqualTo("python-1");
  }

  @Rule(id = "F-5")
  void ourClaim_whenAnotherProcessCancelledTheJob_isLost() throws SQLException {
    long id = jobs().enqueue("brew");
    Job<String> job = claimOne(jobs());
    rawExecute("DELETE FROM _honker_live WHERE id = ?", id);

    assertThat(job.ack()).isFalse();
    assertThat(job.fail("late")).isFalse();
    assertThat(count("_honker_dead")).isZero();
  }

  @Rule(id = "F-5")
  void ourJob_whenAnotherProcessHandlesIt_isGone() throws SQLException {
    long id = jobs().enqueue("brew");
    rawExecute(
        "UPDATE _honker_live SET state = 'processing', worker_id = 'python-1', attempts = 1,"
            + " claim_expires_at = ? WHERE id = ?",
        nowSecond() + 300,
        id);
    assertThat(jobs().claim()).isEmpty();
    rawExecute("DELETE FROM _honker_live WHERE id = ? AND worker_id = 'python-1'", id);

    assertThat(jobs().find(id)).isEmpty();
    assertThat(jobs().stats().inFlight()).isZero();
  }

  @Rule(id = "F-5")
  void foreignDeadRow_isADeadLetterAndCanBeRequeued() throws SQLException {
    rawExecute(
        "INSERT INTO _honker_dead(id, queue, payload, priority, run_at, attempts, max_attempts,"
            + " last_error, created_at, died_at) VALUES (77, 'jobs', '\"brew\"', 2, ?, 3, 3,"
            + " 'Traceback', ?, ?)",
        nowSecond(),
        nowSecond(),
        nowSecond());

    JobSnapshot<String> dead = jobs().deadLetters().list(0, 10).get(0);
    assertThat(dead.id()).isEqualTo(77);
    assertThat(dead.lastError()).isEqualTo("Traceback");
    assertThat(jobs().deadLetters().requeue(77)).isTrue();
    assertThat(claimOne(jobs()).id()).isEqualTo(77);
    assertThat(jobs().enqueue("next")).isGreaterThan(77);
  }

  @Rule(id = "F-5")
  void foreignResult_isFound() throws SQLException {
    rawExecute(
        "INSERT INTO _honker_results(job_id, value, created_at, expires_at)"
            + " VALUES (7, '[ \"from\", \"py\" ]', ?, NULL)",
        nowSecond());

    assertThat(honker.results().find(7, List.class)).contains(List.of("from", "py"));
  }

  @Rule(id = "F-5")
  void foreignResult_withoutValue_isNone() throws SQLException {
    rawExecute(
        "INSERT INTO _honker_results(job_id, value, created_at, expires_at)"
            + " VALUES (7, NULL, ?, NULL)",
        nowSecond());

    assertThat(honker.results().find(7, String.class)).isEmpty();
  }

  @Rule(id = "F-5")
  void foreignRows_makeTheirQueueKnown() throws SQLException {
    plantPending("\"theirs\"", 0, nowSecond(), 0, 3);

    assertThat(honker.queues()).containsExactly("jobs");
    assertThat(jobs().stats().ready()).isEqualTo(1);
    assertThat(jobs().nextDue().orElseThrow()).isBeforeOrEqualTo(now());
  }

  @Rule(id = "F-5")
  void visibilityTimeout_ofTheHandle_isWhatIsWritten() throws SQLException {
    JobQueue<String> queue =
        honker.queue(
            "jobs",
            TypeRef.of(String.class),
            QueueOptions.builder().visibilityTimeout(Duration.ofSeconds(20)).build());
    long id = queue.enqueue("brew");
    claimOne(queue);

    assertThat(liveRow(id).number("claim_expires_at")).isEqualTo(nowSecond() + 20);
  }
}
