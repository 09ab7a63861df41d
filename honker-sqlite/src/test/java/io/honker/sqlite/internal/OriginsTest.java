package io.honker.sqlite.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.honker.tck.Rule;
import io.honker.time.SystemClock;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
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
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.BusyHandler;

/** Several who open a copy at the same moment. */
@Timeout(60)
class OriginsTest {

  private static final int OPENERS = 3;

  @TempDir private Path folder;

  /** Opens as the store does, and tells when it waits for the writer. */
  private String prepare(Path file, CountDownLatch waiting) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file)) {
      BusyHandler.setHandler(
          connection,
          new BusyHandler() {
            @Override
            protected int callback(int tries) {
              waiting.countDown();
              return 1;
            }
          });
      String id = new Schema(connection, new FileIdentity(file)).prepare();
      BusyHandler.clearHandler(connection);
      return id;
    }
  }

  @Rule(id = "B-2")
  void prepare_ofACopyBySeveralAtOnce_beginsOneOrigin() throws Exception {
    assumeTrue(FileSystems.getDefault().supportedFileAttributeViews().contains("unix"));
    Path original = folder.resolve("app.db");
    SqliteSettings settings = new SqliteSettings("OFF", 1, Duration.ofSeconds(5), 1000, null);
    try (Connection first =
        new SqliteConnections(original, settings, SystemClock.instance()).openWriter()) {
      new Schema(first, new FileIdentity(original)).prepare();
    }
    Path copy = Files.copy(original, folder.resolve("copy.db"));
    CountDownLatch waiting = new CountDownLatch(OPENERS);
    ExecutorService openers = Executors.newFixedThreadPool(OPENERS);
    List<Future<String>> ids = new ArrayList<>();
    try (Connection holder = DriverManager.getConnection("jdbc:sqlite:" + copy);
        Statement statement = holder.createStatement()) {
      statement.execute("BEGIN IMMEDIATE");
      for (int i = 0; i < OPENERS; i++) {
        ids.add(openers.submit(() -> prepare(copy, waiting)));
      }
      waiting.await(); // all have seen that the file is a copy
      statement.execute("COMMIT");
      for (Future<String> id : ids) {
        assertThat(id.get()).isEqualTo(ids.get(0).get());
      }
      try (ResultSet row = statement.executeQuery("SELECT count(*) FROM _honkerj_origins")) {
        row.next();
        assertThat(row.getInt(1)).isEqualTo(2);
      }
    } finally {
      openers.shutdownNow();
    }
  }
}
