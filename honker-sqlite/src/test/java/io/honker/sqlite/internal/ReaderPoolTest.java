package io.honker.sqlite.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.honker.error.HonkerInterruptedException;
import io.honker.error.StoreBusyException;
import io.honker.runtime.store.StoreConnection;
import io.honker.time.SystemClock;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a bounded pool must do when it is empty, abused or closed. */
class ReaderPoolTest {

  private static final Duration TIMEOUT = Duration.ofMillis(200);

  @TempDir private Path folder;
  private Connection writer;
  private ReaderPool pool;

  @BeforeEach
  void open() throws SQLException {
    Path file = folder.resolve("pool.db");
    SqliteConnections connections =
        new SqliteConnections(
            file, new SqliteSettings("OFF", 1, TIMEOUT, 1000, null), SystemClock.instance());
    writer = connections.openWriter();
    execute("CREATE TABLE orders(id INTEGER PRIMARY KEY)");
    pool = new ReaderPool(connections, new SqliteFailures(file.toString()), 1, TIMEOUT);
  }

  @AfterEach
  void close() throws SQLException {
    pool.close();
    writer.close();
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = writer.createStatement()) {
      statement.execute(sql);
    }
  }

  private static int count(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT count(*) FROM orders")) {
      row.next();
      return row.getInt(1);
    }
  }

  private int count() {
    return pool.read(c -> count(c.jdbc()));
  }

  @Test
  void read_whileAnotherCommits_staysInItsSnapshot() {
    int seen =
        pool.read(
            c -> {
              assertThat(count(c.jdbc())).isZero();
              execute("INSERT INTO orders DEFAULT VALUES");
              return count(c.jdbc());
            });

    assertThat(seen).isZero();
    assertThat(count()).isEqualTo(1);
  }

  /** Borrows on another thread: one that has a reader does not wait for a second. */
  private StoreConnection borrowElsewhere() {
    return CompletableFuture.supplyAsync(pool::borrow).join();
  }

  @Test
  void read_withNoReaderLeft_givesUpAndNamesTheOption() {
    StoreConnection taken = borrowElsewhere();

    assertThatThrownBy(this::count)
        .isInstanceOf(StoreBusyException.class)
        .hasMessageContaining("all 1 readers")
        .hasMessageContaining("option readers");

    pool.giveBack(taken);
    assertThat(count()).isZero();
  }

  @Test
  void read_inARead_withNoReaderLeft_getsOneBeyondTheBound() {
    int seen = pool.read(c -> count());

    assertThat(seen).isZero();
  }

  @Test
  void read_afterManyInsideReads_stillGetsOneBeyondTheBound() {
    for (int i = 0; i < 100; i++) {
      assertThat((int) pool.read(c -> count())).isZero();
    }
  }

  @Test
  void read_afterReadsInsideReads_findsTheBoundAsItWas() {
    for (int i = 0; i < 3; i++) {
      pool.read(c -> count());
    }
    StoreConnection taken = borrowElsewhere();

    assertThatThrownBy(this::count).isInstanceOf(StoreBusyException.class);

    pool.giveBack(taken);
  }

  @Test
  void giveBack_again_doesNothing() {
    StoreConnection reader = pool.borrow();
    pool.giveBack(reader);
    pool.giveBack(reader);
    StoreConnection taken = borrowElsewhere();

    assertThatThrownBy(this::count).isInstanceOf(StoreBusyException.class);

    pool.giveBack(taken);
  }

  @Test
  void borrow_interruptedWhileItWaits_throwsAndKeepsTheFlag() {
    StoreConnection taken = borrowElsewhere();
    Thread.currentThread().interrupt();
    try {
      assertThatThrownBy(() -> pool.borrow()).isInstanceOf(HonkerInterruptedException.class);
      assertThat(Thread.currentThread().isInterrupted()).isTrue();
    } finally {
      Thread.interrupted();
    }
    pool.giveBack(taken);
    assertThat(count()).isZero();
  }

  @Test
  void read_afterOneThatFailed_usesTheSameReaderAgain() {
    for (int i = 0; i < 5; i++) {
      assertThatThrownBy(
              () -> pool.read(c -> c.jdbc().prepareStatement("SELECT * FROM nowhere").execute()))
          .hasMessageContaining("nowhere");
    }

    assertThat(count()).isZero();
  }

  @Test
  void read_whoseWorkClosesItsConnection_doesNotSpoilThePool() {
    try {
      pool.read(
          c -> {
            c.jdbc().close();
            return 0;
          });
    } catch (RuntimeException refused) {
      assertThat(refused).isInstanceOf(io.honker.error.HonkerException.class);
    }

    assertThat(count()).isZero();
  }

  @Test
  void read_whoseWorkEndsTheTransaction_doesNotSpoilThePool() {
    try {
      pool.read(
          c -> {
            try (Statement statement = c.jdbc().createStatement()) {
              statement.execute("COMMIT");
            }
            return 0;
          });
    } catch (RuntimeException refused) {
      assertThat(refused).isInstanceOf(io.honker.error.HonkerException.class);
    }

    assertThat(count()).isZero();
  }

  @Test
  void close_closesIdleReaders() {
    Connection reader = pool.read(StoreConnection::jdbc);

    pool.close();

    assertThat(isClosed(reader)).isTrue();
    assertThatThrownBy(this::count).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void close_whileAReaderIsOut_closesItWhenItComesBack() {
    StoreConnection out = pool.borrow();
    pool.close();
    assertThat(isClosed(out.jdbc())).isFalse();

    pool.giveBack(out);

    assertThat(isClosed(out.jdbc())).isTrue();
  }

  private static boolean isClosed(Connection connection) {
    try {
      return connection.isClosed();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
