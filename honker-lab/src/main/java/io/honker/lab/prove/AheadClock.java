package io.honker.lab.prove;

import io.honker.time.HonkerClock;
import io.honker.time.SystemClock;
import java.time.Duration;
import java.time.Instant;

/** The system's clock, set ahead, so that the leases of dead processes have ended. */
final class AheadClock implements HonkerClock {

  private static final HonkerClock SYSTEM = SystemClock.instance();

  private final Duration ahead;

  AheadClock(Duration ahead) {
    this.ahead = ahead;
  }

  @Override
  public Instant now() {
    return SYSTEM.now().plus(ahead);
  }

  @Override
  public long nanoTime() {
    return SYSTEM.nanoTime();
  }

  @Override
  public void parkUntil(Instant deadline) {
    SYSTEM.parkUntil(deadline.equals(Instant.MAX) ? deadline : deadline.minus(ahead));
  }
}
