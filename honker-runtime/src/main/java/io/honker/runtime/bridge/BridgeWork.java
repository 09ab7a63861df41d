package io.honker.runtime.bridge;

import io.honker.runtime.store.BridgeRow;
import java.time.Instant;

/**
 * What a bridge does while it has the lease. Called by the runner's thread only, apart from {@link
 * #interrupt}. Every method may throw {@link io.honker.transport.TransportException}, after which
 * it is called again, and {@link BrokenBridgeException}, after which only a request is carried out.
 */
interface BridgeWork {

  /** Gets ready, from what is on record: at first, and after {@link #end}. */
  void begin(BridgeRow row);

  /**
   * Takes one step.
   *
   * @return when to take the next if no commit tells earlier, {@code now} for at once
   */
  Instant turn(Instant now);

  /** Goes back to where the broker is. The work has ended or has not begun. */
  void rewind(boolean acceptLoss);

  /** Lets go of everything, so that another process can go on. */
  void end();

  /** Makes a call that waits for the broker return, as far as that is possible. From any thread. */
  void interrupt();

  /** Tells work that has ended that the bridge is paused, perhaps for long. */
  default void paused() {}
}
