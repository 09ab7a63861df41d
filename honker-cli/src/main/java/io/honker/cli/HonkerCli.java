package io.honker.cli;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The program: finds the command and runs it. */
@Command(
    name = "honker",
    description = "Looks into a honker database and works on it.",
    mixinStandardHelpOptions = true,
    versionProvider = HonkerCli.Version.class,
    synopsisSubcommandLabel = "COMMAND",
    commandListHeading = "%nCommands:%n",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:done", "1:a statement or the operation failed", "2:wrong usage"})
public final class HonkerCli implements Runnable {

  @Spec private @Nullable CommandSpec spec;

  private HonkerCli() {}

  /**
   * Runs one command and ends the process with its exit code.
   *
   * @param arguments the command, its options and parameters
   */
  public static void main(String[] arguments) {
    // JSON is UTF-8, whatever the locale says
    PrintWriter out = writer(FileDescriptor.out);
    PrintWriter err = writer(FileDescriptor.err);
    System.exit(run(new FileInputStream(FileDescriptor.in), out, err, arguments));
  }

  private static PrintWriter writer(FileDescriptor descriptor) {
    return new PrintWriter(
        new OutputStreamWriter(new FileOutputStream(descriptor), StandardCharsets.UTF_8));
  }

  /** Runs one command and returns its exit code. */
  static int run(InputStream in, PrintWriter out, PrintWriter err, String... arguments) {
    CommandLine line = new CommandLine(new HonkerCli());
    line.addSubcommand(new QueuesCommand());
    line.addSubcommand(new JobsCommand());
    line.addSubcommand(new DeadCommand());
    line.addSubcommand(new EnqueueCommand(in));
    line.addSubcommand(new StreamsCommand());
    line.addSubcommand(new TailCommand());
    line.addSubcommand(new ListenCommand());
    line.addSubcommand(new SchedulesCommand());
    line.addSubcommand(new LocksCommand());
    line.addSubcommand(new BridgeCommand());
    line.addSubcommand(new DoctorCommand());
    line.addSubcommand(new BackupCommand());
    line.addSubcommand(new RestoreCommand());
    line.addSubcommand(new SqlCommand(in));
    line.registerConverter(Duration.class, new DurationText());
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setOut(out);
    line.setErr(err);
    int code = line.execute(arguments);
    out.flush();
    err.flush();
    return code;
  }

  @Override
  public void run() {
    if (spec != null) {
      throw new ParameterException(spec.commandLine(), "which command?");
    }
  }

  /** Tells the version of the jar. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = HonkerCli.class.getPackage().getImplementationVersion();
      return new String[] {"honker for Java " + (version == null ? "(not from a jar)" : version)};
    }
  }
}
