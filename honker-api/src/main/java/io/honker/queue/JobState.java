package io.honker.queue;

/**
 * Where a job stands. Later versions may add states.
 *
 * @since 0.1.0
 */
public enum JobState {
  /** Due, and waiting for a worker. */
  READY,
  /** Not yet due. */
  DELAYED,
  /** Claimed; its lease has not ended. */
  IN_FLIGHT,
  /** In the dead letters. */
  DEAD
}
