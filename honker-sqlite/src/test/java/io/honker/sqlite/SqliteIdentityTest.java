package io.honker.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.honker.Honker;
import io.honker.codec.Json;
import io.honker.tck.Rule;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A copy never speaks for its original, and a file stays what it is (rule B-2). */
class SqliteIdentityTest {

  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void nameFile() {
    assumeTrue(FileSystems.getDefault().supportedFileAttributeViews().contains("unix"));
    file = folder.resolve("app.db");
  }

  /** Opens a file, publishes so many events, and tells under which identity. */
  private static String open(Path file, int events) {
    try (Honker honker = Honker.open(file)) {
      for (int i = 0; i < events; i++) {
        honker.stream("orders", Json.class).publish(Json.of("{}"));
      }
      return honker.bridges().origin();
    }
  }

  private static List<String> raw(Path file, String sql) throws SQLException {
    try (Connection raw = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = raw.createStatement()) {
      List<String> texts = new ArrayList<>();
      if (statement.execute(sql)) {
        try (ResultSet rows = statement.getResultSet()) {
          while (rows.next()) {
            texts.add(rows.getString(1));
          }
        }
      }
      return texts;
    }
  }

  private static List<String> origins(Path file) throws SQLException {
    return raw(file, "SELECT origin || ' ' || after_offset FROM _honkerj_origins ORDER BY number");
  }

  @Rule(id = "B-2")
  void origin_ofAFile_isItsIdAndAnIncarnation() throws SQLException {
    String origin = open(file, 0);

    String id = raw(file, "SELECT value FROM _honkerj_meta WHERE key = 'database_id'").get(0);
    assertThat(origin).matches(id + "\\.[0-9a-f]{8}");
    assertThat(origins(file)).containsExactly(origin + " 0");
  }

  @Rule(id = "B-2")
  void open_again_keepsTheOriginAndWritesNothing() throws Exception {
    String origin = open(file, 3);
    byte[] before = Files.readAllBytes(file);

    assertThat(open(file, 0)).isEqualTo(origin);

    assertThat(Files.readAllBytes(file)).isEqualTo(before);
  }

  @Rule(id = "B-2")
  void open_underAnotherName_keepsTheOrigin() throws IOException {
    String origin = open(file, 3);
    Path renamed = Files.move(file, folder.resolve("renamed.db"));
    Path link = Files.createSymbolicLink(folder.resolve("link.db"), renamed);

    assertThat(open(renamed, 0)).isEqualTo(origin);
    assertThat(open(link, 0)).isEqualTo(origin);
    assertThat(open(Files.createLink(file, renamed), 0)).isEqualTo(origin);
  }

  @Rule(id = "B-2")
  void open_ofACopy_beginsAnotherOriginAfterAllThatIsInIt() throws Exception {
    String origin = open(file, 3);
    Path copy = Files.copy(file, folder.resolve("copy.db"));

    String other = open(copy, 2);

    String id = origin.substring(0, origin.indexOf('.'));
    assertThat(other).isNotEqualTo(origin).startsWith(id + ".");
    assertThat(origins(copy)).containsExactly(origin + " 0", other + " 3");
    assertThat(open(copy, 0)).isEqualTo(other);
    assertThat(open(file, 0)).isEqualTo(origin);
    assertThat(origins(file)).containsExactly(origin + " 0");
  }

  @Rule(id = "B-2")
  void open_ofACopyMadeBySqlite_beginsAnotherOrigin() throws SQLException {
    String origin = open(file, 3);
    Path copy = folder.resolve("copy.db");
    try (Honker live = Honker.open(file)) {
      assertThat(raw(file, "VACUUM INTO '" + copy + "'")).isEmpty();

      assertThat(open(copy, 0)).isNotEqualTo(origin);
      assertThat(live.bridges().origin()).isEqualTo(origin);
    }
  }

  @Rule(id = "B-2")
  void open_ofACopyWhoseTopicsAreTrimmed_beginsAfterWhatWasTrimmedToo() throws SQLException {
    String origin = open(file, 5);
    assertThat(raw(file, "DELETE FROM _honker_stream")).isEmpty();
    Path copy = folder.resolve("copy.db");
    assertThat(raw(file, "VACUUM INTO '" + copy + "'")).isEmpty();

    String other = open(copy, 1);

    assertThat(origins(copy)).containsExactly(origin + " 0", other + " 5");
  }

  @Rule(id = "B-2")
  void open_ofACopyInThePlaceOfTheOriginal_beginsAnotherOrigin() throws Exception {
    String origin = open(file, 3);
    Path copy = Files.copy(file, folder.resolve("copy.db"));
    String later = open(file, 2);
    assertThat(later).isEqualTo(origin);
    Files.delete(file);
    Files.move(copy, file);

    assertThat(open(file, 0)).isNotEqualTo(origin);
  }

  @Rule(id = "B-2")
  void open_ofAMarkedCopy_beginsAnotherOriginWhateverFileItIs() throws SQLException {
    String origin = open(file, 3);
    assertThat(raw(file, "UPDATE _honkerj_meta SET value = 'copy' WHERE key = 'file_identity'"))
        .isEmpty();

    String other = open(file, 0);

    assertThat(origins(file)).containsExactly(origin + " 0", other + " 3");
    assertThat(open(file, 0)).isEqualTo(other);
  }
}
