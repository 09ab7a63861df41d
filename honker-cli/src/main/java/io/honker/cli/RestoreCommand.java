package io.honker.cli;

import io.honker.cli.backup.Backup;
import io.honker.cli.backup.BridgeProgress;
import io.honker.cli.backup.ClaimedDatabase;
import io.honker.cli.doctor.Doctor;
import io.honker.cli.doctor.DoctorSettings;
import io.honker.cli.doctor.FileHeader;
import io.honker.cli.doctor.Finding;
import io.honker.time.SystemClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code honker restore}: a backup in the place of a database. */
@Command(
    name = "restore",
    description = "Makes a database of a backup, or puts it in the place of one that nobody uses.",
    footer = {
      "%nBACKUP is examined in full, as doctor --full does, and stays as it is. It is copied beside"
          + " FILE under another name, readable only by whoever runs this, and renamed in one step"
          + " when it is complete, checked and on the disk: whatever happens, FILE is the old or the"
          + " new one. Rows of tables without an INTEGER PRIMARY KEY may get other rowids.",
      "%nA FILE that another process has open is refused, and so is one beside which there is a log"
          + " or journal that SQLite cannot bring into it. While the command runs, others that"
          + " open FILE wait or fail.",
      "%nThe restored database begins another identity for its bridges when the library opens it."
          + " What they had on their way to a broker when the backup was made is told here; when"
          + " they run again they compare it with the broker."
    },
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:done", "1:the operation failed; FILE is as it was", "2:wrong usage"})
final class RestoreCommand extends DatabaseCommand {

  /** What the doctor finds in files that cannot be used; all else can wait until they are. */
  private static final Set<String> UNUSABLE =
      Set.of("integrity", "schema-missing", "schema-newer", "schema-version-unreadable");

  @Parameters(
      index = "0",
      paramLabel = "FILE",
      description = "The database; with --force it may exist.")
  private @Nullable Path file;

  @Parameters(index = "1", paramLabel = "BACKUP", description = "The backup; it must exist.")
  private @Nullable Path backup;

  @Option(names = "--force", description = "Replace FILE if it exists.")
  private boolean force;

  @Mixin private Progress progress = new Progress();

  @Override
  int work() throws SQLException {
    if (file == null || backup == null) {
      return FAILED; // picocli has refused that
    }
    long started = SystemClock.instance().nanoTime();
    try {
      ReadOnlyDatabase.requireFile(backup);
      Path place = place(file, backup);
      List<BridgeProgress> bridges = restore(place, backup);
      tell(place, backup, Duration.ofNanos(SystemClock.instance().nanoTime() - started), bridges);
      return OK;
    } catch (IOException e) {
      throw CommandFailedException.files("cannot restore " + file + ": " + e);
    } finally {
      progress.end();
    }
  }

  /** The file behind all links, which is what is replaced. */
  private Path place(Path file, Path backup) throws IOException {
    if (!Files.exists(file)) {
      if (Files.isSymbolicLink(file)) {
        throw CommandFailedException.refused(file + " is a link to a file that does not exist");
      }
      return file.toAbsolutePath();
    }
    if (!Files.isRegularFile(file) || Files.isSameFile(file, backup)) {
      throw CommandFailedException.refused(file + " is a folder or the backup itself");
    }
    if (!force) {
      throw CommandFailedException.refused(file + " exists; --force replaces it");
    }
    return file.toRealPath();
  }

  private List<BridgeProgress> restore(Path place, Path backup) throws SQLException, IOException {
    if (Files.exists(place)) {
      try (ClaimedDatabase claimed = ClaimedDatabase.of(place)) {
        examine(backup);
        return copy(backup, copy -> copy.inPlaceOf(claimed));
      }
    }
    ClaimedDatabase.refuseCompanions(place);
    examine(backup);
    return copy(backup, copy -> copy.to(place, false));
  }

  private static void examine(Path backup) throws IOException, SQLException {
    FileHeader header = FileHeader.read(backup);
    DoctorSettings settings = new DoctorSettings(true, false, Duration.ZERO, Long.MAX_VALUE);
    try (Connection connection = ReadOnlyDatabase.connect(backup)) {
      for (Finding finding :
          new Doctor(connection, header, settings, FileCommand.now()).examine()) {
        if (UNUSABLE.contains(finding.id())) {
          throw CommandFailedException.refused(
              backup + " cannot be restored: " + finding.message() + "; " + finding.remedy());
        }
      }
    }
  }

  /** Where the copy goes. */
  @FunctionalInterface
  private interface Placement {
    List<BridgeProgress> place(Backup copy) throws SQLException, IOException;
  }

  private List<BridgeProgress> copy(Path backup, Placement placement)
      throws SQLException, IOException {
    try (Connection connection = ReadOnlyDatabase.connectToCopy(backup)) {
      return placement.place(new Backup(connection, this::show));
    }
  }

  private void show(long bytes, long expected) {
    progress.show("bytes copied:", bytes, expected);
  }

  private void tell(Path place, Path backup, Duration time, List<BridgeProgress> bridges)
      throws IOException {
    long bytes = Files.size(place);
    double seconds = time.toMillis() / 1000.0;
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("file", place);
    object.put("backup", backup);
    object.put("bytes", bytes);
    object.put("seconds", seconds);
    object.put("bridges", BridgeText.rows(bridges));
    object.put("verified", true);
    String done = Counted.megabytes(bytes) + " from " + backup + " in " + seconds + " s, verified";
    output().thing(object, place + ": " + done + BridgeText.lines(bridges));
  }
}
