package io.honker.sqlite.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.honker.error.NestedWriteException;
import io.honker.error.StoreException;
import io.honker.runtime.store.StoreConnection;
import io.honker.runtime.store.StoreFunction;
import io.honker.runtime.store.WriteOperation;
import io.honker.tck.Rule;
import io.honker.time.SystemClock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Commits that survive a loss of power although others commit without a sync (rule B-2). */
@Timeout(60)
class DurableWritesTest {

  private static final int NORMAL = 1;
  private static final int FULL = 2;

  @TempDir private Path folder;
  private final ExecutorService others = Executors.newCachedThreadPool();
  private StoreConnection writer;
  private WriteLane lane;
  private DurableWrites writes;

  @BeforeEach
  void open() throws SQLException {
    open("NORMAL");
  }

  private void open(String synchronous) throws SQLException {
    SqliteSettings settings = new SqliteSettings(synchronous, 1, Duration.ofSeconds(5), 1000, null);
    SqliteFailures failures = new SqliteFailures("test.db");
    SqliteConnections connections =
        new SqliteConnections(folder.resolve("test.db"), settings, SystemClock.instance());
    writer = new StoreConnection(connections.openWriter());
    new Schema(writer.jdbc(), new FileIdentity(folder.resolve("test.db"))).prepare();
    lane =
        new WriteLane(
            writer,
            failures,
            settings.writerTimeout(),
            event -> {},
            new ForeignCommits(),
            "test-lane");
    writes = new DurableWrites(lane, failures, synchronous);
    lane.execute(
        WriteOperation.<Integer>statement(c -> update(c, "CREATE TABLE IF NOT EXISTS t(a)")));
  }

  @AfterEach
  void close() throws SQLException {
    others.shutdownNow();
    closeStore();
  }

  private void closeStore() throws SQLException {
    lane.close();
    writer.close();
    writer.jdbc().close();
  }

  private static int update(StoreConnection c, String sql) throws SQLException {
    try (Statement statement = c.jdbc().createStatement()) {
      return statement.executeUpdate(sql);
    }
  }

  /** Never of a kept statement, which answers what was so when it was compiled. */
  private static int number(StoreConnection c, String sql) throws SQLException {
    try (Statement statement = c.jdbc().createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getInt(1);
    }
  }

  private static int synchronous(StoreConnection c) throws SQLException {
    return number(c, "PRAGMA synchronous");
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private int plain(String sql) {
    return lane.execute(WriteOperation.<Integer>statement(c -> number(c, sql)));
  }

  private int durably(StoreFunction<Integer> function) {
    return writes.run(WriteOperation.<Integer>statements(function));
  }

  @Rule(id = "B-2")
  void run_ofAnOperation_commitsWithFullAndLeavesTheOthersNormal() {
    assertThat(plain("PRAGMA synchronous")).isEqualTo(NORMAL);

    for (int i = 0; i < 3; i++) { // the first time is not like the others: it compiles
      assertThat(
              durably(
                  c -> {
                    update(c, "INSERT INTO t VALUES (1)");
                    return synchronous(c);
                  }))
          .isEqualTo(FULL);
      assertThat(plain("PRAGMA synchronous")).isEqualTo(NORMAL);
    }
    assertThat(plain("SELECT count(*) FROM t")).isEqualTo(3);
  }

  @Rule(id = "B-2")
  void run_ofAFailingOperation_undoesItAndLeavesTheOthersNormal() {
    assertThatThrownBy(
            () ->
                durably(
                    c -> {
                      update(c, "INSERT INTO t VALUES (1)");
                      return update(c, "INSERT INTO no_such_table VALUES (1)");
                    }))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("no_such_table");
    assertThat(plain("PRAGMA synchronous")).isEqualTo(NORMAL);

    assertThatThrownBy(
            () ->
                durably(
                    c -> {
                      update(c, "INSERT INTO t VALUES (1)");
                      throw new IllegalStateException("no");
                    }))
        .isInstanceOf(IllegalStateException.class);
    assertThat(plain("PRAGMA synchronous")).isEqualTo(NORMAL);
    assertThat(plain("SELECT count(*) FROM t")).isZero();
  }

  @Rule(id = "B-2")
  void run_ofAnOperationThatEndsTheTransaction_leavesTheOthersNormal() {
    assertThatThrownBy(() -> durably(c -> update(c, "ROLLBACK")))
        .isInstanceOf(StoreException.class);
    assertThat(plain("PRAGMA synchronous")).isEqualTo(NORMAL);
    assertThat(durably(DurableWritesTest::synchronous)).isEqualTo(FULL);
  }

  @Rule(id = "B-2")
  void run_ofAnOperationThatWritesNothing_writesToTheLogAllTheSame() throws Exception {
    durably(DurableWritesTest::synchronous);
    long before = Files.size(folder.resolve("test.db-wal"));

    durably(DurableWritesTest::synchronous);

    assertThat(Files.size(folder.resolve("test.db-wal"))).isGreaterThan(before);
  }

  @Rule(id = "B-2")
  void run_besideWaitingWriters_isATransactionOfItsOwn() throws Exception {
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    Future<Integer> durable =
        others.submit(
            () ->
                durably(
                    c -> {
                      inside.countDown();
                      awaitUninterruptibly(goOn);
                      return synchronous(c);
                    }));
    inside.await();
    List<Future<Integer>> plain = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      plain.add(others.submit(() -> plain("PRAGMA synchronous")));
      plain.add(others.submit(() -> -durably(DurableWritesTest::synchronous)));
    }
    goOn.countDown();

    assertThat(durable.get()).isEqualTo(FULL);
    for (Future<Integer> one : plain) {
      assertThat(one.get()).isIn(NORMAL, -FULL);
    }
  }

  @Rule(id = "B-2")
  void run_whereFullIsConfigured_leavesItSo() throws SQLException {
    closeStore();
    open("FULL");

    assertThat(durably(DurableWritesTest::synchronous)).isEqualTo(FULL);
    assertThat(plain("PRAGMA synchronous")).isEqualTo(FULL);
  }

  @Rule(id = "T-6")
  void run_insideAWrite_isRefused() {
    assertThatThrownBy(() -> durably(c -> durably(DurableWritesTest::synchronous)))
        .isInstanceOf(NestedWriteException.class);
    assertThat(plain("PRAGMA synchronous")).isEqualTo(NORMAL);
  }
}
