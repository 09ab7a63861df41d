package io.honker.lab.prove;

import io.honker.Honker;
import io.honker.observe.HonkerEvent;
import io.honker.schedule.RunningScheduler;
import io.honker.schedule.SchedulerOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Competes for leadership until it is killed. */
final class LeaderRole implements Role {

  static final Duration LEASE = Duration.ofSeconds(2);

  @Override
  public void play(List<String> arguments, Parent parent) throws Exception {
    Path file = Path.of(arguments.get(0));
    SchedulerOptions options = SchedulerOptions.builder().leaderLease(LEASE).build();
    try (Honker honker =
            Honker.builder(file.toString()).observer(event -> tell(event, parent)).open();
        RunningScheduler running = honker.scheduler().start(options)) {
      parent.note("started", running.isLeader());
      while (!parent.isStopping()) {
        parent.nextRequest();
      }
    }
  }

  private static void tell(HonkerEvent event, Parent parent) {
    if (event instanceof HonkerEvent.SchedulerLeads || isTrouble(event)) {
      parent.note(isTrouble(event) ? "trouble" : "leads", event.toString().replace('\n', ' '));
    }
  }

  private static boolean isTrouble(HonkerEvent event) {
    return event instanceof HonkerEvent.LoopFailed
        || event instanceof HonkerEvent.ScheduleFailed
        || event instanceof HonkerEvent.ScheduleUnreadable;
  }
}
