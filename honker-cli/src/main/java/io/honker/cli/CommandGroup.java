package io.honker.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A command that is only the first word of others. */
@Command(
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    commandListHeading = "%nCommands:%n")
abstract class CommandGroup implements Runnable {

  @Spec private @Nullable CommandSpec spec;

  @Override
  public final void run() {
    if (spec != null) {
      throw new ParameterException(
          spec.commandLine(), "which one? " + String.join(", ", spec.subcommands().keySet()));
    }
  }
}
