package io.honker.cli;

import io.honker.Honker;
import io.honker.bridge.BridgeState;
import io.honker.bridge.BridgeStatus;
import io.honker.bridge.Bridges;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code honker bridge}: bridges to other machines. */
@Command(
    name = "bridge",
    description = "Runs bridges to other machines, shows how they do, and mends them.",
    subcommands = {
      BridgeStatusCommand.class,
      BridgeRunCommand.class,
      BridgeCommand.PauseCommand.class,
      BridgeCommand.ResumeCommand.class,
      BridgeCommand.RewindCommand.class,
      BridgeCommand.AcceptLossCommand.class,
      BridgeCommand.ForgetCommand.class
    })
final class BridgeCommand extends CommandGroup {

  /** What the commands on one bridge share. None of them asks the broker. */
  abstract static class OneCommand extends FileCommand {

    @Parameters(index = "1", paramLabel = "NAME", description = "The bridge.")
    private String name = "";

    /** Does it; false if the bridge went away. */
    abstract boolean act(Bridges bridges, BridgeStatus before);

    @Override
    final int run(Path file) throws SQLException {
      try (Honker honker = open(file)) {
        BridgeStatus before =
            honker
                .bridges()
                .find(name)
                .orElseThrow(
                    () -> CommandFailedException.notFound("no bridge \"" + name + "\" in " + file));
        if (!act(honker.bridges(), before)) {
          throw CommandFailedException.notFound("the bridge \"" + name + "\" went away");
        }
        return OK;
      }
    }

    /** Tells what was done. */
    final void done(String what, BridgeStatus before, @Nullable String more) {
      Map<String, @Nullable Object> object = new LinkedHashMap<>();
      object.put("name", name);
      object.put("done", what);
      object.put("state_before", before.state().name());
      object.put("detail", more);
      String text = name + ": " + what;
      output().thing(object, more == null ? text : text + "\n  " + more);
    }
  }

  /** {@code honker bridge pause}. */
  @Command(
      name = "pause",
      description = "Lets a bridge rest until it is resumed, wherever it runs, across restarts.")
  static final class PauseCommand extends OneCommand {
    @Override
    boolean act(Bridges bridges, BridgeStatus before) {
      boolean found = bridges.pause(before.name());
      done("paused", before, null);
      return found;
    }
  }

  /** {@code honker bridge resume}. */
  @Command(name = "resume", description = "Lets a paused bridge go on where it was.")
  static final class ResumeCommand extends OneCommand {
    @Override
    boolean act(Bridges bridges, BridgeStatus before) {
      boolean found = bridges.resume(before.name());
      done("resumed", before, null);
      return found;
    }
  }

  /** {@code honker bridge rewind}. */
  @Command(
      name = "rewind",
      description = {
        "Lets a bridge go back to where the broker is, and on from there.",
        "%nAn outbound bridge sends again what the broker has lost, as far as it is stored here;"
            + " if this database was put back to an older state, its events since then go out"
            + " under a new origin. An inbound bridge reads the log again from its oldest event."
            + " Nothing arrives twice."
      })
  static final class RewindCommand extends OneCommand {
    @Override
    boolean act(Bridges bridges, BridgeStatus before) {
      boolean found = bridges.rewind(before.name());
      done("rewinds when a process runs it", before, before.detail());
      return found;
    }
  }

  /** {@code honker bridge accept-loss}. */
  @Command(
      name = "accept-loss",
      description = {
        "Lets a broken bridge go on without the events that are lost.",
        "%nTry rewind first. \"honker bridge status FILE NAME\" tells which events neither the"
            + " broker nor this database has any more."
      })
  static final class AcceptLossCommand extends OneCommand {
    @Override
    boolean act(Bridges bridges, BridgeStatus before) {
      if (before.state() != BridgeState.BROKEN) {
        throw CommandFailedException.refused(
            "the bridge \""
                + before.name()
                + "\" is "
                + before.state().name().toLowerCase(Locale.ROOT)
                + ", not broken: there is no loss to accept");
      }
      boolean found = bridges.acceptLoss(before.name());
      done("loss accepted", before, before.detail());
      return found;
    }
  }

  /** {@code honker bridge forget}. */
  @Command(
      name = "forget",
      description =
          "Forgets a bridge that nobody runs, and how far it was. What it has received stays known,"
              + " so that a later one doubles nothing.")
  static final class ForgetCommand extends OneCommand {
    @Override
    boolean act(Bridges bridges, BridgeStatus before) {
      try {
        boolean found = bridges.forget(before.name());
        done("forgotten", before, null);
        return found;
      } catch (IllegalStateException e) {
        throw CommandFailedException.refused(String.valueOf(e.getMessage()));
      }
    }
  }
}
