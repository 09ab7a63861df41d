package io.honker.cli;

import io.honker.Honker;
import io.honker.schedule.ScheduleInfo;
import io.honker.schedule.Scheduler;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code honker schedules}: recurring jobs. */
@Command(
    name = "schedules",
    description = "Lists, pauses, resumes or triggers recurring jobs, or shows when they come.",
    subcommands = {
      SchedulesCommand.ListCommand.class,
      SchedulesCommand.PauseCommand.class,
      SchedulesCommand.ResumeCommand.class,
      SchedulesCommand.TriggerCommand.class,
      SchedulesCommand.NextCommand.class
    })
final class SchedulesCommand extends CommandGroup {

  /** {@code honker schedules list}. */
  @Command(name = "list", description = "Lists the schedules.")
  static final class ListCommand extends FileCommand {

    private static final List<String> COLUMNS =
        List.of(
            "name",
            "expression",
            "zone",
            "queue",
            "priority",
            "max_attempts",
            "paused",
            "next_fire_at",
            "shared");

    @Override
    int run(Path file) throws SQLException {
      try (Honker honker = open(file)) {
        List<List<@Nullable Object>> rows = new ArrayList<>();
        for (ScheduleInfo schedule : honker.scheduler().list()) {
          rows.add(row(schedule));
        }
        output().list(new Rows(COLUMNS, rows));
        return OK;
      }
    }

    private static List<@Nullable Object> row(ScheduleInfo schedule) {
      return Arrays.asList(
          schedule.name(),
          schedule.expression(),
          schedule.zone(),
          schedule.queue(),
          schedule.priority(),
          schedule.maxAttempts(),
          !schedule.enabled(),
          schedule.nextFireAt(),
          schedule.shared());
    }
  }

  /** What the commands on one schedule share. */
  abstract static class OneCommand extends FileCommand {

    @Parameters(index = "1", paramLabel = "NAME", description = "The schedule.")
    private String name = "";

    abstract void act(Scheduler scheduler, String name);

    @Override
    final int run(Path file) throws SQLException {
      try (Honker honker = open(file)) {
        if (honker.scheduler().find(name).isEmpty()) {
          throw CommandFailedException.notFound("no schedule " + name + " in " + file);
        }
        act(honker.scheduler(), name);
        return OK;
      }
    }

    final void changed(boolean changed, boolean paused) {
      Map<String, Object> object = new LinkedHashMap<>();
      object.put("name", name);
      object.put("paused", paused);
      object.put("changed", changed);
      String state = paused ? "paused" : "active";
      output().thing(object, name + " is " + state + (changed ? "" : " already"));
    }
  }

  /** {@code honker schedules pause}. */
  @Command(name = "pause", description = "Stops a schedule from firing.")
  static final class PauseCommand extends OneCommand {
    @Override
    void act(Scheduler scheduler, String name) {
      changed(scheduler.pause(name), true);
    }
  }

  /** {@code honker schedules resume}. */
  @Command(
      name = "resume",
      description = "Lets a paused schedule fire again; the pause is not made up for.")
  static final class ResumeCommand extends OneCommand {
    @Override
    void act(Scheduler scheduler, String name) {
      changed(scheduler.resume(name), false);
    }
  }

  /** {@code honker schedules trigger}. */
  @Command(
      name = "trigger",
      description = "Enqueues a schedule's job now, paused or not; its fire times stay.")
  static final class TriggerCommand extends OneCommand {
    @Override
    void act(Scheduler scheduler, String name) {
      Optional<Long> id = scheduler.trigger(name);
      if (id.isEmpty()) {
        throw CommandFailedException.notFound("the schedule " + name + " went away");
      }
      output().thing(Map.of("id", id.get()), "job " + id.get() + " enqueued");
    }
  }

  /** {@code honker schedules next}. */
  @Command(name = "next", description = "Shows the next fire times of a schedule.")
  static final class NextCommand extends OneCommand {

    @Option(
        names = "-n",
        paramLabel = "N",
        defaultValue = "5",
        description = "How many; default ${DEFAULT-VALUE}.")
    private int count;

    @Override
    void act(Scheduler scheduler, String name) {
      List<List<@Nullable Object>> rows = new ArrayList<>();
      for (Instant instant : scheduler.next(name, count)) {
        rows.add(Arrays.asList(instant));
      }
      output().list(new Rows(List.of("fire_at"), rows));
    }
  }
}
