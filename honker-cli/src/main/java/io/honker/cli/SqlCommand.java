package io.honker.cli;

import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code honker sql}: runs SQL with honker's functions. */
@Command(
    name = "sql",
    description = "Runs SQL statements, with honker's functions.",
    footer = {
      "%nWithout STATEMENT, statements are read from standard input, one per line; empty lines and"
          + " lines that begin with -- are skipped. Each runs in auto-commit mode unless BEGIN came"
          + " before. The first failure ends the command.",
      "%nWith --json there is one line for each statement: an array of objects, [] for a statement"
          + " without rows, or {\"error\": ..., \"code\": ...}. A BLOB is {\"hex\": ...}."
    },
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:all statements succeeded",
      "1:the file could not be opened or a statement failed",
      "2:wrong usage"
    })
final class SqlCommand extends DatabaseCommand {

  private final InputStream in;

  @Parameters(index = "0", paramLabel = "FILE", description = "The database.")
  private @Nullable Path file;

  @Parameters(index = "1..*", paramLabel = "STATEMENT", description = "One statement each.")
  private List<String> statements = List.of();

  @Option(names = "--create", description = "Create the file if it is missing.")
  private boolean create;

  @Option(names = "--keep-going", description = "Go on after a statement that failed.")
  private boolean keepGoing;

  SqlCommand(InputStream in) {
    this.in = in;
  }

  @Override
  int work() throws SQLException {
    if (file == null) {
      return FAILED; // picocli has refused that
    }
    try (Connection connection = PlainDatabase.open(file, create)) {
      return statements.isEmpty()
          ? runAll(connection, lines())
          : runAll(connection, statements.iterator());
    }
  }

  private Iterator<String> lines() {
    BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
    return reader
        .lines()
        .filter(line -> !line.isBlank() && !line.strip().startsWith("--"))
        .iterator();
  }

  private int runAll(Connection connection, Iterator<String> source) {
    int code = OK;
    while (source.hasNext() && (code == OK || keepGoing)) {
      if (!run(connection, source.next())) {
        code = FAILED;
      }
    }
    return code;
  }

  private boolean run(Connection connection, String sql) {
    try (Statement statement = connection.createStatement()) {
      SqlText.refuseSeveral(sql);
      if (statement.execute(sql)) {
        try (ResultSet rows = statement.getResultSet()) {
          output().rows(Rows.read(rows));
        }
      } else {
        output().done(changed(statement.getUpdateCount()));
      }
      return true;
    } catch (SQLException e) {
      output().failure(Failure.of(e));
      return false;
    }
  }

  private static String changed(int count) {
    return count <= 0 ? "done" : count == 1 ? "1 row changed" : count + " rows changed";
  }
}
