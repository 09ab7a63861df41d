package io.honker.sqlite.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.honker.runtime.store.ClaimOutcome;
import io.honker.runtime.store.ClaimRequest;
import io.honker.runtime.store.ClaimedRow;
import io.honker.runtime.store.StoreConnection;
import io.honker.time.SystemClock;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How claims find their rows: what no contract can see from outside. */
class JobClaimsTest {

  private static final long NOW = 1_000_000;
  private static final long LEASE = 300;

  @TempDir private Path folder;
  private Connection jdbc;
  private StoreConnection store;
  private final Set<String> prepared = new LinkedHashSet<>();
  private final JobClaims claims = new JobClaims(new JobGraveyard(), new QueueRules());

  @BeforeEach
  void open() throws SQLException {
    SqliteSettings settings = new SqliteSettings("OFF", 1, Duration.ofSeconds(60), 1000, null);
    jdbc =
        new SqliteConnections(folder.resolve("claims.db"), settings, SystemClock.instance())
            .openWriter();
    new Schema(jdbc, new FileIdentity(folder.resolve("claims.db"))).prepare();
    store = new StoreConnection(recording(jdbc));
  }

  @AfterEach
  void close() throws SQLException {
    store.close();
    jdbc.close();
  }

  /** The same connection; notes every SQL text that is prepared. */
  private Connection recording(Connection connection) {
    return (Connection)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {Connection.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("prepareStatement")) {
                prepared.add((String) arguments[0]);
              }
              try {
                return method.invoke(connection, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  private void run(String sql) throws SQLException {
    try (Statement statement = jdbc.createStatement()) {
      statement.execute(sql);
    }
  }

  private long number(String sql) throws SQLException {
    try (Statement statement = jdbc.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getLong(1);
    }
  }

  /** Inserts pending rows; in the SQL expressions, n counts from 1. */
  private void insert(int count, String priority, String runAt, String expiresAt)
      throws SQLException {
    run(
        "WITH RECURSIVE counter(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counter WHERE n < "
            + count
            + ") INSERT INTO _honker_live(queue, payload, priority, run_at, created_at, expires_at)"
            + " SELECT 'jobs', '\"job\"', "
            + priority
            + ", "
            + runAt
            + ", 0, "
            + expiresAt
            + " FROM counter");
  }

  private ClaimOutcome claim(int limit, long now) throws SQLException {
    run("BEGIN IMMEDIATE");
    ClaimOutcome outcome =
        claims.claim(store, new ClaimRequest("jobs", "worker-" + now, limit, now + LEASE, now));
    run("COMMIT");
    return outcome;
  }

  // ---- plans

  private List<String> plan(String sql) throws SQLException {
    try (PreparedStatement explain = jdbc.prepareStatement("EXPLAIN QUERY PLAN " + sql);
        ResultSet rows = explain.executeQuery()) {
      List<String> steps = new ArrayList<>();
      while (rows.next()) {
        steps.add(rows.getString("detail"));
      }
      return steps;
    }
  }

  @Test
  void claim_whateverItMeets_readsNoTableFromEndToEnd() throws SQLException {
    insert(20, "n % 3", "n", "NULL");
    insert(5, "9", "n", "1");
    claim(1, NOW); // buries the expired, claims one
    claim(10, NOW);
    run("UPDATE _honker_live SET attempts = max_attempts WHERE id = 20");
    claim(100, NOW + LEASE + 1); // reclaims the lapsed
    claim(100, NOW + LEASE + 1); // nothing left: when is the next due

    assertThat(prepared).hasSizeGreaterThan(8);
    for (String sql : prepared) {
      assertThat(plan(sql))
          .as(sql)
          .noneMatch(
              step ->
                  step.startsWith("SCAN ")
                      && !step.equals("SCAN CONSTANT ROW")
                      && !step.startsWith("SCAN json_each VIRTUAL TABLE"))
          .noneMatch(step -> step.contains("TEMP B-TREE"))
          .noneMatch(step -> step.contains("AUTOMATIC"));
    }
  }

  @Test
  void claim_findsDueRowsByTheIndexOfReadyJobs() throws SQLException {
    insert(3, "n", "n", "NULL");
    assertThat(claim(2, NOW).jobs()).hasSize(2);

    List<String> looking =
        prepared.stream().filter(sql -> sql.startsWith("SELECT id, payload")).toList();
    assertThat(looking).hasSize(2);
    for (String sql : looking) {
      assertThat(plan(sql))
          .as(sql)
          .anyMatch(
              step ->
                  step.contains("SEARCH _honker_live USING INDEX _honkerj_live_ready")
                      && step.contains("queue=? AND priority=? AND run_at<?"));
    }
  }

  @Test
  void nextDue_looksAtTheEndsOfTwoIndexes() throws SQLException {
    claims.nextDue(store, "jobs", NOW);

    assertThat(plan(prepared.iterator().next()))
        .anyMatch(step -> step.contains("_honker_live_pending_deadline (queue=?)"))
        .anyMatch(step -> step.contains("_honker_live_processing_deadline (queue=?)"))
        .noneMatch(step -> step.startsWith("SCAN _honker"));
  }

  // ---- what lies at the head

  @Test
  void claims_behindThousandsOfExpiredRows_getThroughBatchByBatch() throws SQLException {
    insert(3000, "n % 7", "n", "1");
    insert(1, "0", "5000", "NULL");

    List<ClaimedRow> claimed = new ArrayList<>();
    int looks = 0;
    while (claimed.isEmpty() && looks < 10) {
      ClaimOutcome outcome = claim(1, NOW);
      looks++;
      claimed.addAll(outcome.jobs());
      if (claimed.isEmpty()) {
        assertThat(outcome.nextDue()).as("more may be due at once").isLessThanOrEqualTo(NOW);
        assertThat(outcome.died()).as("each look clears some of them").isNotEmpty();
      }
    }

    assertThat(claimed).extracting(ClaimedRow::id).containsExactly(3001L);
    assertThat(number("SELECT count(*) FROM _honker_dead WHERE last_error = 'expired'"))
        .isEqualTo(3000);
  }

  @Test
  void claim_behindExhaustedAndExpiredRows_buriesEachWithItsReason() throws SQLException {
    insert(2, "9", "n", "1");
    insert(2, "8", "n", "NULL");
    run("UPDATE _honker_live SET attempts = max_attempts WHERE priority = 8");
    insert(1, "7", "n", "NULL");

    ClaimOutcome outcome = claim(1, NOW);

    assertThat(outcome.jobs()).extracting(ClaimedRow::id).containsExactly(5L);
    assertThat(outcome.died())
        .extracting(ClaimOutcome.DiedRow::id, ClaimOutcome.DiedRow::reason)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(1L, "expired"),
            org.assertj.core.groups.Tuple.tuple(2L, "expired"),
            org.assertj.core.groups.Tuple.tuple(3L, "max attempts exceeded"),
            org.assertj.core.groups.Tuple.tuple(4L, "max attempts exceeded"));
  }

  // ---- lapsed claims

  @Test
  void claim_ofLapsedRowsOfManyPriorities_givesThemBackInOrder() throws SQLException {
    insert(500, "n * 31 % 97", "n * 17 % 13", "NULL");
    assertThat(claim(500, NOW).jobs()).hasSize(500);

    List<ClaimedRow> again = claim(500, NOW + LEASE + 1).jobs();

    assertThat(again)
        .hasSize(500)
        .isSortedAccordingTo(
            Comparator.comparing(ClaimedRow::priority)
                .reversed()
                .thenComparing(ClaimedRow::runAt)
                .thenComparing(ClaimedRow::id))
        .allMatch(row -> row.attempt() == 2);
  }

  @Test
  void claim_ofLapsedAndFreshRows_mixesThemByPriority() throws SQLException {
    insert(3, "n", "n", "NULL");
    claim(3, NOW);
    insert(3, "n * 10", "n", "NULL");
    insert(1, "2", "0", "NULL");

    assertThat(claim(10, NOW + LEASE + 1).jobs())
        .extracting(ClaimedRow::id)
        .containsExactly(6L, 5L, 4L, 3L, 7L, 2L, 1L);
  }

  @Test
  void claim_ofThousandsOfLapsedRows_losesNone() throws SQLException {
    insert(2500, "n % 3", "n", "NULL");
    assertThat(claim(2500, NOW).jobs()).hasSize(2500);

    Set<Long> again = new LinkedHashSet<>();
    for (int looks = 0; again.size() < 2500 && looks < 100; looks++) {
      claim(100, NOW + LEASE + 1).jobs().forEach(row -> again.add(row.id()));
    }

    assertThat(again).hasSize(2500);
  }
}
