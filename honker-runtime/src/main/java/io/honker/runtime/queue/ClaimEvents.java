package io.honker.runtime.queue;

import io.honker.observe.HonkerEvent;
import io.honker.runtime.engine.Engine;
import io.honker.runtime.loop.WakeKey;
import io.honker.runtime.store.ClaimOutcome;

/** Tells the world what a committed claim did. */
final class ClaimEvents {

  private ClaimEvents() {}

  static void afterClaim(
      Engine engine, QueueContext<?> context, String workerId, ClaimOutcome outcome) {
    int count = outcome.jobs().size();
    if (count > 0) {
      engine.observe(() -> new HonkerEvent.JobsClaimed(context.name(), workerId, count));
    }
    for (ClaimOutcome.DiedRow died : outcome.died()) {
      engine.signals().signal(WakeKey.jobEnd(died.id()));
      engine.observe(
          () -> new HonkerEvent.JobDied(context.name(), died.id(), died.attempts(), died.reason()));
    }
  }
}
