package io.honker.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.honker.Honker;
import io.honker.queue.JobQueue;
import io.honker.tck.ManualClock;
import io.honker.tck.Rule;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteConfig;

/** Where the functions are: registered by hand, and on every connection that honker hands out. */
class HonkerFunctionsTest {

  private static final String ENQUEUE =
      "SELECT honker_enqueue('mail', '\"ada\"', NULL, NULL, 0, 3, NULL)";

  @TempDir private Path folder;
  private Path file;

  @BeforeEach
  void nameFile() {
    file = folder.resolve("app.db");
  }

  private Connection plain() throws SQLException {
    return DriverManager.getConnection("jdbc:sqlite:" + file);
  }

  private static Object value(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getObject(1);
    }
  }

  // ---- by hand

  @Rule(id = "F-6")
  void register_onANewFile_makesTheTableOfNotifyAlone() throws SQLException {
    try (Connection connection = plain()) {
      HonkerFunctions.register(connection);

      assertThat(value(connection, "SELECT notify('c', 'p')")).isEqualTo(1);
      assertThat(value(connection, "SELECT group_concat(name) FROM sqlite_master"))
          .isEqualTo("_honker_notifications,sqlite_sequence,_honker_notifications_recent");
      assertThat(value(connection, "SELECT honker_bootstrap()")).isEqualTo(1);
      assertThat(value(connection, "SELECT honker_bootstrap()")).isEqualTo(1);
      assertThat(value(connection, ENQUEUE)).isEqualTo(1);
    }
    try (Honker honker = Honker.open(file)) {
      assertThat(honker.queue("mail", String.class).claim().orElseThrow().payload())
          .isEqualTo("ada");
    }
  }

  @Rule(id = "F-6")
  void register_again_doesNothing() throws SQLException {
    try (Connection connection = plain();
        Statement statement = connection.createStatement()) {
      HonkerFunctions.register(connection);
      try (ResultSet open = statement.executeQuery("SELECT honker_bootstrap() UNION SELECT 2")) {
        assertThat(open.next()).isTrue();
        assertThatCode(() -> HonkerFunctions.register(connection)).doesNotThrowAnyException();
        assertThat(open.next()).isTrue();
      }
    }
  }

  @Rule(id = "F-6")
  void register_ofAWrapper_reachesTheConnectionInside() throws SQLException {
    try (Connection connection = plain()) {
      Connection wrapper =
          (Connection)
              Proxy.newProxyInstance(
                  getClass().getClassLoader(),
                  new Class<?>[] {Connection.class},
                  (proxy, method, arguments) -> {
                    try {
                      return method.invoke(connection, arguments);
                    } catch (InvocationTargetException e) {
                      throw e.getCause();
                    }
                  });

      HonkerFunctions.register(wrapper);

      assertThat(value(connection, "SELECT honker_bootstrap()")).isEqualTo(1);
    }
  }

  @Rule(id = "F-6")
  void register_ofAnotherDatabasesConnection_isRefused() {
    Connection other =
        (Connection)
            Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {Connection.class},
                (proxy, method, arguments) -> {
                  if (method.getName().equals("prepareStatement")) {
                    throw new SQLException("no such function");
                  }
                  return false;
                });

    assertThatThrownBy(() -> HonkerFunctions.register(other))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("not a connection of sqlite-jdbc");
  }

  @Rule(id = "F-6")
  void register_onAReadOnlyConnection_leavesTheTableOut() throws SQLException {
    try (Connection connection = plain()) {
      value(connection, "PRAGMA user_version");
      connection.createStatement().execute("CREATE TABLE t(a)");
    }
    SQLiteConfig config = new SQLiteConfig();
    config.setReadOnly(true);
    try (Connection connection = config.createConnection("jdbc:sqlite:" + file)) {
      HonkerFunctions.register(connection);

      assertThat(value(connection, "SELECT honker_stream_get_offset('c', 't')")).isEqualTo(0);
      assertThatThrownBy(() -> value(connection, "SELECT notify('c', 'p')"))
          .hasMessageContaining("no such table: _honker_notifications");
    }
  }

  // ---- on honker's connections

  @Rule(id = "F-6")
  void functions_insideInTransaction_commitAndRollBackWithIt() {
    try (Honker honker = Honker.open(file)) {
      JobQueue<String> mail = honker.queue("mail", String.class);
      assertThatThrownBy(
              () ->
                  honker.inTransaction(
                      tx -> {
                        value(tx.connection(), ENQUEUE);
                        throw new IllegalStateException("no");
                      }))
          .hasMessage("no");
      assertThat(mail.claim()).isEmpty();

      honker.inTransaction(tx -> tx.query(ENQUEUE, row -> row.getLong(1)));

      assertThat(mail.claim().orElseThrow().payload()).isEqualTo("ada");
    }
  }

  @Rule(id = "F-6")
  void functions_onTheDataSource_workInEveryMode() throws SQLException {
    try (Honker honker = Honker.open(file);
        Connection connection = honker.dataSource().getConnection()) {
      HonkerFunctions.register(connection);
      assertThat(value(connection, ENQUEUE)).isEqualTo(1);

      connection.setAutoCommit(false);
      assertThat(value(connection, ENQUEUE)).isEqualTo(2);
      connection.rollback();
      connection.setAutoCommit(true);

      assertThat(value(connection, "SELECT honker_get_job(2)")).isEqualTo("");
      connection.setReadOnly(true);
      connection.setAutoCommit(false);
      assertThat((String) value(connection, "SELECT honker_get_job(1)")).contains("\"id\":1");
      assertThatThrownBy(() -> value(connection, ENQUEUE)).isInstanceOf(SQLException.class);
    }
  }

  @Rule(id = "F-6")
  void functions_onReaders_readAndRefuseToWrite() {
    try (Honker honker = Honker.open(file)) {
      honker.queue("mail", String.class).enqueue("ada");

      String job =
          honker.read(connection -> (String) value(connection, "SELECT honker_get_job(1)"));

      assertThat(job).contains("\"queue\":\"mail\"");
      assertThatThrownBy(() -> honker.read(connection -> value(connection, ENQUEUE)))
          .hasMessageContaining("readonly");
    }
  }

  @Rule(id = "F-6")
  void functions_onHonkersConnections_takeNowFromItsClock() {
    ManualClock clock = new ManualClock();
    clock.advance(Duration.ofDays(400));
    try (Honker honker = Honker.builder(file.toString()).clock(clock).open()) {
      honker.inTransaction(tx -> tx.query(ENQUEUE, row -> row.getLong(1)));

      assertThat(honker.queue("mail", String.class).claim().orElseThrow().createdAt())
          .isEqualTo(clock.now());
    }
  }

  @Rule(id = "F-6")
  void functions_thatEnqueue_wakeTheWorker() throws Exception {
    BlockingQueue<String> handled = new LinkedBlockingQueue<>();
    try (Honker honker = Honker.open(file);
        AutoCloseable worker =
            honker.queue("mail", String.class).worker(job -> handled.add(job.payload())).start()) {
      honker.inTransaction(tx -> tx.query(ENQUEUE, row -> row.getLong(1)));
      assertThat(handled.poll(90, TimeUnit.SECONDS)).isEqualTo("ada");

      try (Connection connection = honker.dataSource().getConnection()) {
        value(connection, ENQUEUE);
      }
      assertThat(handled.poll(90, TimeUnit.SECONDS)).isEqualTo("ada");

      try (Connection connection = plain()) {
        HonkerFunctions.register(connection);
        value(connection, ENQUEUE);
      }
      assertThat(handled.poll(90, TimeUnit.SECONDS)).isEqualTo("ada");
    }
  }
}
