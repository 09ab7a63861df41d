package io.honker.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.honker.Honker;
import io.honker.error.StoreException;
import io.honker.queue.JobQueue;
import java.nio.file.Path;
import java.sql.Statement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Transactions that SQLite itself undoes, and reads that try to write. */
class SqliteRolledBackTest {

  @TempDir Path folder;
  private Honker honker;
  private JobQueue<String> jobs;

  @BeforeEach
  void open() {
    honker = Honker.open(folder.resolve("app.db"));
    jobs = honker.queue("jobs", String.class);
    honker.inTransaction(
        tx -> {
          tx.execute("CREATE TABLE orders(id INTEGER PRIMARY KEY)");
          tx.execute("INSERT INTO orders VALUES (1)");
        });
  }

  @AfterEach
  void close() {
    honker.close();
  }

  private int orders() {
    return honker.fromTransaction(
        tx -> tx.queryFirst("SELECT count(*) FROM orders", row -> row.getInt(1)).orElseThrow());
  }

  @Test
  void statement_thatRollsTheTransactionBack_letsNothingFollowIt() {
    assertThatThrownBy(
            () ->
                honker.inTransaction(
                    tx -> {
                      tx.execute("INSERT INTO orders VALUES (2)");
                      assertThatThrownBy(
                              () -> tx.execute("INSERT OR ROLLBACK INTO orders VALUES (1)"))
                          .isInstanceOf(StoreException.class);
                      assertThatThrownBy(() -> tx.execute("INSERT INTO orders VALUES (3)"))
                          .isInstanceOf(StoreException.class)
                          .hasMessageContaining("rolled this transaction back");
                      assertThatThrownBy(() -> jobs.enqueue(tx, "lost"))
                          .isInstanceOf(StoreException.class);
                    }))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("rolled this transaction back");

    assertThat(orders()).isEqualTo(1);
    assertThat(jobs.stats().ready()).isZero();
    jobs.enqueue("after");
    assertThat(jobs.stats().ready()).isEqualTo(1);
  }

  @Test
  void read_thatSwitchesQueryOnlyOff_isRefused() {
    assertThatThrownBy(
            () ->
                honker.read(
                    c -> {
                      try (Statement statement = c.createStatement()) {
                        statement.execute("PRAGMA query_only=OFF");
                        return statement.executeUpdate("INSERT INTO orders VALUES (9)");
                      }
                    }))
        .isInstanceOf(StoreException.class);

    assertThat(orders()).isEqualTo(1);
  }

  @Test
  void read_thatClosesItsConnection_spoilsNothing() {
    for (int i = 0; i < 10; i++) {
      honker.<Integer>read(
          c -> {
            c.close();
            return 1;
          });
    }

    assertThat(orders()).isEqualTo(1);
  }
}
