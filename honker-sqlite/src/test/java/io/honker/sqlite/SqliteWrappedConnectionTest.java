package io.honker.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.honker.Honker;
import io.honker.queue.Job;
import io.honker.queue.JobQueue;
import io.honker.tck.Rule;
import io.honker.tx.JoinedTransaction;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Connections of honker's data source that a pool has wrapped. */
class SqliteWrappedConnectionTest {

  @TempDir Path folder;
  private Honker honker;
  private JobQueue<String> jobs;

  @BeforeEach
  void open() {
    honker = Honker.open(folder.resolve("app.db"));
    jobs = honker.queue("jobs", String.class);
  }

  @AfterEach
  void close() {
    honker.close();
  }

  /** As pools do it: a class of their own that passes everything on, {@code unwrap} too. */
  private static Connection wrapped(Connection inner) {
    return (Connection)
        Proxy.newProxyInstance(
            SqliteWrappedConnectionTest.class.getClassLoader(),
            new Class<?>[] {Connection.class},
            (proxy, method, args) -> {
              try {
                return method.invoke(inner, args);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  @Rule(id = "T-4")
  void join_afterAStatement_isTheSameTransaction() throws SQLException {
    try (Connection pooled = wrapped(honker.dataSource().getConnection())) {
      pooled.setAutoCommit(false);
      pooled.createStatement().execute("CREATE TABLE t(x)");
      JoinedTransaction tx = honker.join(pooled);
      jobs.enqueue(tx, "brew");
      assertThat(tx.connection()).isSameAs(pooled);
      pooled.commit();

      assertThatThrownBy(() -> jobs.enqueue(tx, "late")).isInstanceOf(IllegalStateException.class);
    }
    assertThat(jobs.claim()).map(Job::payload).contains("brew");
  }

  @Rule(id = "T-4")
  void join_beforeAnyStatement_isUndoneByTheRollback() throws SQLException {
    try (Connection pooled = wrapped(honker.dataSource().getConnection())) {
      pooled.setAutoCommit(false);
      jobs.enqueue(honker.join(pooled), "brew");
      pooled.rollback();
    }
    assertThat(jobs.claim()).isEmpty();
  }
}
