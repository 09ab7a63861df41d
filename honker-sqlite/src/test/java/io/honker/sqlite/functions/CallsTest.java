package io.honker.sqlite.functions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.honker.tck.Rule;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds for every function: arguments, atomicity, and where it may be called. */
class CallsTest extends FunctionTest {

  private long live() throws SQLException {
    return number("SELECT count(*) FROM _honker_live");
  }

  /** Makes everything that buries a job fail in its second statement. */
  private void refuseDeadLetters() throws SQLException {
    run(
        "CREATE TRIGGER refuse BEFORE INSERT ON _honker_dead"
            + " BEGIN SELECT RAISE(ABORT, 'no dead today'); END");
  }

  // ---- arguments

  @Rule(id = "F-6")
  void functions_areThere34OfThem() throws SQLException {
    assertThat(
            rows(
                "SELECT DISTINCT name FROM pragma_function_list WHERE name LIKE 'honker!_%'"
                    + " ESCAPE '!' OR name = 'notify'"))
        .hasSize(34);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "honker_bootstrap(1)",
        "notify('c')",
        "honker_enqueue('q', 'p', NULL, NULL, 0, 3)",
        "honker_enqueue('q', 'p', NULL, NULL, 0, 3, NULL, 1)",
        "honker_scheduler_register('s', 'q', '* * * * *', 'p', 0)",
        "honker_scheduler_update('s', NULL, NULL, NULL, NULL, 0, 1)",
        "honker_result_sweep('x')"
      })
  void call_withAnotherNumberOfArguments_isSqlitesError(String call) {
    String name = call.substring(0, call.indexOf('('));

    assertThat(error("SELECT " + call))
        .isEqualTo("wrong number of arguments to function " + name + "()");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "honker_ack('1', 'w') ; Invalid function parameter type Text at index 0",
        "honker_ack(NULL, NULL) ; Invalid function parameter type Null at index 0",
        "honker_ack(1, 5) ; Invalid function parameter type Integer at index 1",
        "honker_ack(1, 1.0) ; Invalid function parameter type Real at index 1",
        "honker_ack(x'31', 'w') ; Invalid function parameter type Blob at index 0",
        "honker_ack(1.5, 'w') ; honker: argument 0 must be a whole number,"
            + " but 1.5 has a fractional part.",
        "honker_ack(-1e300, 'w') ; honker: argument 0 must be a whole number,"
            + " but -1e300 is outside the range of a 64-bit integer.",
        "honker_ack(9e999, 'w') ; honker: argument 0 must be a whole number, but infinite.",
        "honker_enqueue('q', 'p', x'', NULL, 0, 3, NULL) ;"
            + " Invalid function parameter type Blob at index 2",
        "honker_enqueue('q', 'p', NULL, NULL, NULL, 3, NULL) ;"
            + " Invalid function parameter type Null at index 4",
        "honker_stream_publish('t', 5, 'p') ; Invalid function parameter type Integer at index 1",
        "honker_result_save(1, NULL, 5) ; Invalid function parameter type Null at index 1"
      })
  void call_withAnotherType_saysWhichAndWhere(String call, String text) {
    assertThat(error("SELECT " + call)).isEqualTo(text);
  }

  @Rule(id = "F-6")
  void call_withAWholeReal_takesIt() throws SQLException {
    run("SELECT honker_enqueue('q', 'p', NULL, 60.0, -0.0, 3.0, NULL)");

    assertThat(rows("SELECT run_at, typeof(run_at), priority FROM _honker_live"))
        .containsExactly((NOW + 60) + "|integer|0");
  }

  // ---- atomicity

  @ParameterizedTest
  @ValueSource(
      strings = {
        "honker_fail(2, 'w', 'e')",
        "honker_retry(2, 'w', 0, 'e')",
        "honker_claim_batch('exhausted', 'w', 1, 5)",
        "honker_sweep_expired('expired')"
      })
  void call_thatFailsHalfway_leavesNothingBehind(String call) throws SQLException {
    run("SELECT honker_enqueue('expired', 'p', NULL, NULL, 0, 3, 0)");
    run("SELECT honker_enqueue('last', 'p', NULL, NULL, 0, 1, NULL)");
    claim("last", 1);
    run("SELECT honker_enqueue('exhausted', 'p', NULL, NULL, 0, 0, NULL)");
    refuseDeadLetters();

    assertThat(error("SELECT " + call)).isEqualTo("no dead today");
    assertThat(live()).isEqualTo(3);
    assertThat(rows("SELECT attempts FROM _honker_live")).containsExactly("0", "1", "0");
  }

  @Rule(id = "F-6")
  void call_thatFailsInATransaction_undoesItselfOnly() throws SQLException {
    run("SELECT honker_enqueue('q', 'p', NULL, NULL, 0, 0, NULL)");
    refuseDeadLetters();

    run("BEGIN IMMEDIATE");
    enqueue("before");
    assertThat(error("SELECT honker_claim_batch('q', 'w', 1, 5)")).isEqualTo("no dead today");
    enqueue("after");
    run("COMMIT");

    assertThat(rows("SELECT queue FROM _honker_live ORDER BY id"))
        .containsExactly("q", "before", "after");
  }

  @Rule(id = "F-6")
  void calls_inARolledBackTransaction_areGone() throws SQLException {
    run("BEGIN");
    enqueue("q");
    claim("q", 1);
    run("ROLLBACK");

    assertThat(live()).isZero();
  }

  @Rule(id = "F-6")
  void call_inAutoCommitMode_isCommittedWhenItReturns() throws SQLException {
    try (Connection other = another();
        Statement statement = other.createStatement()) {
      statement.execute("SELECT honker_enqueue('q', 'p', NULL, NULL, 0, 0, NULL)");
      statement.execute("SELECT honker_claim_batch('q', 'w', 1, 5)");
    }

    assertThat(number("SELECT count(*) FROM _honker_dead")).isEqualTo(1);
  }

  @Rule(id = "F-6")
  void call_forEachRow_isMadeForEachRow() throws SQLException {
    run("CREATE TABLE orders(id INTEGER PRIMARY KEY)");
    run("INSERT INTO orders VALUES (1), (2), (3)");

    assertThat(rows("SELECT honker_enqueue('q', 'p' || id, NULL, NULL, 0, 3, NULL) FROM orders"))
        .containsExactly("1", "2", "3");
  }

  @Rule(id = "F-6")
  void call_inATrigger_isPartOfTheStatementThatFiresIt() throws SQLException {
    run("CREATE TABLE orders(total)");
    run(
        "CREATE TRIGGER mail AFTER INSERT ON orders"
            + " BEGIN SELECT honker_enqueue('mail', new.total, NULL, NULL, 0, 3, NULL); END");

    run("INSERT INTO orders VALUES ('1'), ('2')");
    assertThat(error("INSERT INTO orders VALUES ('3'), (4)"))
        .isEqualTo("Invalid function parameter type Integer at index 1");

    assertThat(rows("SELECT payload FROM _honker_live")).containsExactly("1", "2");
    assertThat(rows("SELECT total FROM orders")).containsExactly("1", "2");
  }

  @Rule(id = "F-6")
  void call_ofSeveralStatementsInATrigger_works() throws SQLException {
    run("SELECT honker_enqueue('q', 'p', NULL, NULL, 0, 0, NULL)");
    enqueue("q");
    run("CREATE TABLE claims(jobs)");

    run("INSERT INTO claims VALUES (honker_claim_batch('q', 'w', 5, 5))");

    assertThat((String) value("SELECT jobs FROM claims")).contains("\"id\":2");
    assertThatCode(() -> run("BEGIN")).as("no transaction is left open").doesNotThrowAnyException();
    run("ROLLBACK");
    assertThat(number("SELECT count(*) FROM _honker_dead")).isEqualTo(1);
  }

  @Rule(id = "F-6")
  void call_thatFailsHalfwayInAStatementThatWrites_takesThatStatementWithIt() throws SQLException {
    run("SELECT honker_enqueue('q', 'p', NULL, NULL, 0, 0, NULL)");
    refuseDeadLetters();
    run("CREATE TABLE claims(jobs)");

    assertThat(error("INSERT INTO claims VALUES ('x'), (honker_claim_batch('q', 'w', 5, 5))"))
        .isEqualTo("no dead today");

    assertThat(live()).isEqualTo(1);
    assertThat(number("SELECT count(*) FROM claims")).isZero();
    assertThatCode(() -> run("BEGIN")).doesNotThrowAnyException();
    run("ROLLBACK");
  }

  @Rule(id = "F-6")
  void call_thatFailsHalfwayWhereNoSavepointIs_losesNoJob() throws SQLException {
    run("SELECT honker_enqueue('q', 'p', NULL, NULL, 0, 0, NULL)");
    refuseDeadLetters();
    run("CREATE TABLE claims(jobs)");

    run("BEGIN");
    assertThat(error("INSERT INTO claims VALUES (honker_claim_batch('q', 'w', 5, 5))"))
        .isEqualTo("no dead today");
    run("COMMIT");

    assertThat(live()).isEqualTo(1);
  }

  @Rule(id = "F-6")
  void call_byATriggerOfAnotherFunction_works() throws SQLException {
    run(
        "CREATE TRIGGER chain AFTER DELETE ON _honker_live WHEN old.queue = 'first' BEGIN"
            + " SELECT honker_enqueue('second', old.payload, NULL, NULL, 0, 3, NULL); END");
    enqueue("first");
    claim("first", 1);

    assertThat(value("SELECT honker_ack(1, 'w')")).isEqualTo(1);
    assertThat(rows("SELECT id, queue FROM _honker_live")).containsExactly("2|second");
  }

  @Rule(id = "F-6")
  void call_byATriggerOfItself_isRefusedAndLeavesTheFunctionUsable() throws SQLException {
    run(
        "CREATE TRIGGER mirror AFTER INSERT ON _honker_live WHEN new.queue <> 'mirror' BEGIN"
            + " SELECT honker_enqueue('mirror', 'p', NULL, NULL, 0, 3, NULL); END");

    assertThat(error("SELECT honker_enqueue('q', 'p', NULL, NULL, 0, 3, NULL)"))
        .startsWith("honker_enqueue() cannot run inside itself");
    assertThat(live()).isZero();
    assertThat(enqueue("mirror")).isEqualTo(1);
  }

  @Rule(id = "F-6")
  void calls_onSeveralConnectionsAtOnce_neverFailAndLoseNothing() throws Exception {
    int threads = 4;
    int jobs = 25;
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        String worker = "w" + i;
        all.add(pool.submit(() -> workThrough(jobs, worker)));
      }
      for (Future<?> one : all) {
        one.get(300, TimeUnit.SECONDS);
      }
    } finally {
      pool.shutdownNow();
    }

    assertThat(live()).isZero();
    assertThat(number("SELECT count(*) FROM _honker_dead")).isEqualTo(threads * jobs);
    assertThat(rows("SELECT DISTINCT last_error FROM _honker_dead")).containsExactly("last");
  }

  /** Takes each job of a queue of its own to its last attempt; another queue is shared. */
  private Void workThrough(int jobs, String worker) throws SQLException {
    try (Connection own = another();
        Statement statement = own.createStatement()) {
      statement.execute("PRAGMA busy_timeout=300000");
      for (int i = 0; i < jobs; i++) {
        statement.execute("SELECT honker_enqueue('shared', 'p', NULL, NULL, 0, 2, NULL)");
        String shared = claimOne(statement, "shared", worker);
        assertThat(first(statement, "SELECT honker_ack(%s, '%s')".formatted(shared, worker)))
            .as("nobody else has it")
            .isEqualTo("1");
        statement.execute(
            "SELECT honker_enqueue('%s', 'p', 0, NULL, 0, 2, NULL)".formatted(worker));
        for (String end :
            List.of("honker_retry(%s, '%s', 0, 'x')", "honker_fail(%s, '%s', 'last')")) {
          String id = claimOne(statement, worker, worker);
          assertThat(first(statement, "SELECT " + end.formatted(id, worker))).isEqualTo("1");
        }
      }
    }
    return null;
  }

  private static String claimOne(Statement statement, String queue, String worker)
      throws SQLException {
    return first(
        statement,
        "SELECT honker_claim_batch('%s', '%s', 1, 60) ->> '$[0].id'".formatted(queue, worker));
  }

  private static String first(Statement statement, String sql) throws SQLException {
    try (ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getString(1);
    }
  }

  // ---- connections that cannot write

  @Rule(id = "F-6")
  void call_onAConnectionThatOnlyReads_readsAndRefusesToWrite() throws SQLException {
    enqueue("q");
    run("PRAGMA query_only=ON");

    assertThat((String) value("SELECT honker_get_job(1)")).contains("\"id\":1");
    assertThat(value("SELECT honker_scheduler_list()")).isEqualTo("[]");
    assertThat(error("SELECT honker_cancel(1)")).isEqualTo("attempt to write a readonly database");
    assertThat(error("SELECT honker_claim_batch('q', 'w', 1, 5)"))
        .isEqualTo("attempt to write a readonly database");
  }

  @Rule(id = "F-6")
  void call_whileAnotherConnectionWrites_failsWithSqlitesTextAndWorksLater() throws SQLException {
    enqueue("q");
    run("PRAGMA busy_timeout=0");
    try (Connection other = another();
        Statement statement = other.createStatement()) {
      statement.execute("BEGIN IMMEDIATE");

      assertThatThrownBy(() -> run("SELECT honker_claim_batch('q', 'w', 1, 5)"))
          .hasMessageContaining("database is locked");
      assertThat(error("SELECT honker_scheduler_tick(5)")).isEqualTo("database is locked");
      statement.execute("COMMIT");
    }

    assertThat(claim("q", 1)).contains("\"id\":1");
  }
}
