package io.honker.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.OutputStreamWriter;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PipedReader;
import java.io.PipedWriter;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SqlCommandTest {

  @TempDir private Path folder;
  private Path file;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeEach
  void nameFile() {
    file = folder.resolve("app.db");
  }

  private int run(InputStream in, String... arguments) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    return HonkerCli.run(in, new PrintWriter(out), new PrintWriter(err), arguments);
  }

  private int sql(String... arguments) {
    List<String> all = new ArrayList<>(List.of("sql", "--create", file.toString()));
    all.addAll(List.of(arguments));
    return run(InputStream.nullInputStream(), all.toArray(String[]::new));
  }

  private int script(String options, String... lines) {
    byte[] text = String.join("\n", lines).getBytes(StandardCharsets.UTF_8);
    List<String> all = new ArrayList<>(List.of("sql", "--create", file.toString()));
    Stream.of(options.split(" ")).filter(option -> !option.isEmpty()).forEach(all::add);
    return run(new ByteArrayInputStream(text), all.toArray(String[]::new));
  }

  private List<String> printed() {
    return out.toString().lines().toList();
  }

  // ---- what it prints

  @Test
  void sql_ofAQuery_printsATable() {
    assertThat(sql("SELECT 1 AS id, 'ada' AS name UNION SELECT 12, NULL", "SELECT x'0aff' AS b"))
        .isEqualTo(0);

    assertThat(out.toString())
        .isEqualTo(
            """
            id  name
            --  ----
             1  ada
            12  NULL
            (2 rows)
            b
            -------
            X'0aff'
            (1 row)
            """);
  }

  @Test
  void sql_ofAChange_printsHowManyRows() {
    sql("CREATE TABLE t(a)", "INSERT INTO t VALUES (1)", "UPDATE t SET a = 2", "DELETE FROM t");

    assertThat(printed())
        .containsExactly("done", "1 row changed", "1 row changed", "1 row changed");
  }

  @Test
  void json_hasOneLineForEachStatement() {
    script(
        "--json",
        "CREATE TABLE t(a)",
        "INSERT INTO t VALUES (1), (9223372036854775807)",
        "SELECT a FROM t",
        "SELECT a FROM t WHERE 0",
        "SELECT 1 AS a, 2 AS a, NULL AS n, x'4142' AS b, 1.5 AS r, -9e999 AS i, 'ü\"' || char(7) s");

    assertThat(printed())
        .containsExactly(
            "[]",
            "[]",
            "[{\"a\":1},{\"a\":9223372036854775807}]",
            "[]",
            "[{\"a\":1,\"a:1\":2,\"n\":null,\"b\":{\"hex\":\"4142\"},\"r\":1.5,\"i\":-9e999,"
                + "\"s\":\"ü\\\"\\u0007\"}]");
  }

  @Test
  void sql_knowsHonkersFunctions() {
    script(
        "--json",
        "SELECT honker_bootstrap() AS ok",
        "SELECT honker_enqueue('q', 'p', NULL, NULL, 0, 3, NULL) AS id",
        "SELECT notify('c', 'p') AS id");

    assertThat(printed()).containsExactly("[{\"ok\":1}]", "[{\"id\":1}]", "[{\"id\":1}]");
  }

  @Test
  void lines_thatAreEmptyOrComments_areSkipped() {
    script("--json", "", "-- a comment", "  ", "SELECT 1 AS a; -- the end", "");

    assertThat(printed()).containsExactly("[{\"a\":1}]");
  }

  @Test
  void transactions_spanLines() {
    script(
        "--json",
        "CREATE TABLE t(a)",
        "BEGIN",
        "INSERT INTO t VALUES (1)",
        "ROLLBACK",
        "BEGIN IMMEDIATE",
        "INSERT INTO t VALUES (2)",
        "COMMIT",
        "SELECT a FROM t");

    assertThat(printed()).last().isEqualTo("[{\"a\":2}]");
  }

  @Test
  void output_comesWhileTheInputIsOpen() throws Exception {
    PipedOutputStream typed = new PipedOutputStream();
    PipedInputStream in = new PipedInputStream(typed);
    PipedReader shown = new PipedReader();
    PrintWriter screen = new PrintWriter(new PipedWriter(shown));
    CompletableFuture<Integer> code =
        CompletableFuture.supplyAsync(
            () ->
                HonkerCli.run(
                    in,
                    screen,
                    new PrintWriter(err),
                    "sql",
                    "--json",
                    "--create",
                    file.toString()));
    BufferedReader lines = new BufferedReader(shown);

    try (BufferedWriter keyboard =
        new BufferedWriter(new OutputStreamWriter(typed, StandardCharsets.UTF_8))) {
      keyboard.write("SELECT 1 AS a\n");
      keyboard.flush();
      assertThat(lines.readLine()).isEqualTo("[{\"a\":1}]");
      keyboard.write("SELECT 2 AS a\n");
      keyboard.flush();
      assertThat(lines.readLine()).isEqualTo("[{\"a\":2}]");
    }
    assertThat(code.get(90, TimeUnit.SECONDS)).isEqualTo(0);
  }

  // ---- what can go wrong

  @Test
  void failure_endsTheCommand() {
    assertThat(sql("SELECT 1 AS a", "SELEC", "SELECT 2 AS a")).isEqualTo(1);

    assertThat(printed()).hasSize(4);
    assertThat(err.toString()).isEqualTo("error: near \"SELEC\": syntax error (SQLITE_ERROR)\n");
  }

  @Test
  void failure_withKeepGoing_doesNot() {
    assertThat(
            script(
                "--json --keep-going",
                "SELECT honker_rate_limit_try('r', 0, 1)",
                "CREATE TABLE t(a UNIQUE)",
                "INSERT INTO t VALUES (1), (1)",
                "SELECT count(*) AS n FROM t"))
        .isEqualTo(1);

    assertThat(printed())
        .containsExactly(
            "{\"error\":\"limit and per must be positive\",\"code\":\"SQLITE_ERROR\"}",
            "[]",
            "{\"error\":\"UNIQUE constraint failed: t.a\",\"code\":\"SQLITE_CONSTRAINT_UNIQUE\"}",
            "[{\"n\":0}]");
    assertThat(err.toString()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT 1; SELECT 2",
        "SELECT ';' ; SELECT 2",
        "CREATE TABLE t(a); INSERT INTO t VALUES (1)",
        "/* a */ SELECT 1 ; x"
      })
  void severalStatements_areRefused(String line) {
    assertThat(script("", line)).isEqualTo(1);

    assertThat(err.toString()).contains("one statement at a time");
    assertThat(script("", "CREATE TABLE t(a)")).as("nothing ran").isEqualTo(0);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT ';', \"a;b\" FROM (SELECT 1 AS \"a;b\");;",
        "SELECT 1 -- ; not an end; here",
        "SELECT 1; /* ; */ -- x",
        "CREATE TEMP TRIGGER tr AFTER INSERT ON t BEGIN SELECT 1; SELECT 2; END"
      })
  void semicolons_insideAStatement_areFine(String line) {
    assertThat(script("", "CREATE TABLE t(a)", line)).as(err.toString()).isEqualTo(0);
  }

  @Test
  void missingFile_isNotCreated() {
    String path = file.toString();
    assertThat(run(InputStream.nullInputStream(), "sql", "--json", path, "SELECT 1")).isEqualTo(1);

    assertThat(file).doesNotExist();
    assertThat(out.toString())
        .isEqualTo(
            "{\"error\":\"no such file: "
                + path
                + "; --create makes a new one\",\"code\":\"HNK-STORE-UNAVAILABLE\"}\n");
  }

  @Test
  void fileThatIsNoDatabase_isAnError() throws Exception {
    Files.writeString(file, "this is a text, not a database; it is long enough to be looked at");

    assertThat(sql("SELECT 1")).isEqualTo(1);
    assertThat(err.toString()).contains("(SQLITE_NOTADB)");
  }

  @Test
  void existingFile_getsNoTablesButThatOfNotify() {
    sql("SELECT 1");

    sql("--json", "SELECT name FROM sqlite_master WHERE type = 'table'");
    assertThat(printed())
        .containsExactly("[{\"name\":\"_honker_notifications\"},{\"name\":\"sqlite_sequence\"}]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "sql", "sql --nope file", "nope"})
  void wrongUsage_isExitCode2(String line) {
    String[] arguments = line.isEmpty() ? new String[0] : line.split(" ");

    assertThat(run(InputStream.nullInputStream(), arguments)).isEqualTo(2);
    assertThat(out.toString()).isEmpty();
    assertThat(err.toString()).contains("Usage: honker");
  }

  @Test
  void help_tellsTheExitCodes() {
    assertThat(run(InputStream.nullInputStream(), "sql", "--help")).isEqualTo(0);

    assertThat(out.toString()).contains("Exit codes:", "wrong usage", "--keep-going");
  }
}
