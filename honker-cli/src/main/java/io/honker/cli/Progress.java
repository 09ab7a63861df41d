package io.honker.cli;

import io.honker.time.SystemClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** How far long work is, on standard error: on a terminal, or where it is asked for. */
final class Progress {

  private static final Path STANDARD_ERROR = Path.of("/proc/self/fd/2");
  private static final Duration PAUSE = Duration.ofMillis(200);

  @Option(
      names = "--progress",
      description = "Tell the progress on standard error even if that is no terminal.")
  private boolean asked;

  @Spec(Spec.Target.MIXEE)
  private @Nullable CommandSpec command;

  private final boolean terminal = isTerminal();
  private Instant next = Instant.MIN;
  private boolean shown;

  Progress() {}

  /** Whether anybody sees it. */
  boolean isOn() {
    return asked || terminal;
  }

  /** Shows a state, unless one was shown a moment ago; a total of 0 means that it is unknown. */
  void show(String what, long done, long total) {
    Instant now = SystemClock.instance().now();
    if (!isOn() || (now.isBefore(next) && done < total)) {
      return;
    }
    next = now.plus(PAUSE);
    shown = true;
    String text = what + " " + done + (total > 0 ? " of " + total : "");
    print(terminal ? "\r" + text : text + "\n");
  }

  /** Leaves the line. */
  void end() {
    if (shown && terminal) {
      print("\n");
    }
    shown = false;
  }

  private void print(String text) {
    if (command != null) {
      command.commandLine().getErr().print(text);
      command.commandLine().getErr().flush();
    }
  }

  /** Java tells only about standard input and output together; Linux tells exactly. */
  private static boolean isTerminal() {
    try {
      String device = Files.readSymbolicLink(STANDARD_ERROR).toString();
      return device.startsWith("/dev/pts/") || device.startsWith("/dev/tty");
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }
}
