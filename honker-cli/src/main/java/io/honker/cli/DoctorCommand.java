package io.honker.cli;

import io.honker.cli.doctor.Doctor;
import io.honker.cli.doctor.DoctorSettings;
import io.honker.cli.doctor.FileHeader;
import io.honker.cli.doctor.Finding;
import io.honker.cli.doctor.Severity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code honker doctor}: what is wrong with a database. */
@Command(
    name = "doctor",
    description = "Looks for problems and says what to do about them. Changes nothing.",
    exitCodeList = {
      "0:no problems, or notes only",
      "1:the file could not be examined",
      "2:wrong usage",
      "3:warnings or errors were found"
    })
final class DoctorCommand extends FileCommand {

  private static final int PROBLEMS = 3;

  private static final List<String> COLUMNS =
      List.of("id", "severity", "subject", "message", "remedy");

  @Option(names = "--full", description = "Compare indexes with their tables too; takes longer.")
  private boolean full;

  @Option(
      names = "--checkpoint",
      description = "Do a checkpoint to tell why the log is large; not beside Litestream.")
  private boolean checkpoint;

  @Option(
      names = "--overdue",
      paramLabel = "DURATION",
      defaultValue = "5m",
      description = "From when on due jobs are overdue; default ${DEFAULT-VALUE}.")
  private Duration overdue = Duration.ZERO;

  @Option(
      names = "--max-log-mb",
      paramLabel = "N",
      defaultValue = "80",
      description = "From when on the log is large; default ${DEFAULT-VALUE}.")
  private int maxLogMegabytes;

  @Override
  int run(Path file) throws SQLException {
    DoctorSettings settings =
        new DoctorSettings(full, checkpoint, overdue, maxLogMegabytes * 1_000_000L);
    try {
      ReadOnlyDatabase.requireFile(file);
      Path log = Path.of(file + "-wal");
      long bytes = Files.size(file); // before we are perhaps the last to close it
      long logBytes = Files.exists(log) ? Files.size(log) : 0;
      List<Finding> findings = examine(file, settings);
      tell(file, bytes, logBytes, findings);
      boolean fine = findings.stream().allMatch(f -> f.severity() == Severity.NOTE);
      return fine ? OK : PROBLEMS;
    } catch (IOException e) {
      throw CommandFailedException.files("cannot examine " + file + ": " + e);
    }
  }

  private static List<Finding> examine(Path file, DoctorSettings settings)
      throws IOException, SQLException {
    FileHeader header = FileHeader.read(file);
    try (Connection connection = ReadOnlyDatabase.connect(file)) {
      return new Doctor(connection, header, settings, now()).examine();
    }
  }

  private void tell(Path file, long bytes, long logBytes, List<Finding> findings) {
    Map<String, @Nullable Object> object = new LinkedHashMap<>();
    object.put("file", file);
    object.put("bytes", bytes);
    object.put("log_bytes", logBytes);
    object.put("findings", rows(findings));
    output()
        .thing(object, text(file + ": " + bytes + " bytes, log " + logBytes + " bytes", findings));
  }

  private static Rows rows(List<Finding> findings) {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (Finding finding : findings) {
      rows.add(
          Arrays.asList(
              finding.id(),
              word(finding.severity()),
              finding.subject(),
              finding.message(),
              finding.remedy()));
    }
    return new Rows(COLUMNS, rows);
  }

  private static String text(String head, List<Finding> findings) {
    StringBuilder text = new StringBuilder(head).append('\n');
    for (Finding finding : findings) {
      text.append(word(finding.severity())).append(' ').append(finding.id()).append(": ");
      text.append(TableText.oneLine(finding.message())).append("\n  -> ");
      text.append(finding.remedy()).append('\n');
    }
    return text.append(summary(findings)).toString();
  }

  private static String summary(List<Finding> findings) {
    if (findings.isEmpty()) {
      return "no problems found";
    }
    List<String> counts = new ArrayList<>();
    for (Severity severity : Severity.values()) {
      long count = findings.stream().filter(f -> f.severity() == severity).count();
      if (count > 0) {
        counts.add(Counted.of(count, word(severity)));
      }
    }
    return String.join(", ", counts);
  }

  private static String word(Severity severity) {
    return severity.name().toLowerCase(Locale.ROOT);
  }
}
