package io.honker.bridge;

/**
 * What a bridge is doing.
 *
 * @since 0.1.0
 */
public enum BridgeState {
  /** Its events are on their way, or all are done. */
  RUNNING,
  /** The last try failed; it tries again by itself, forever, with longer waits. Nothing is lost. */
  RETRYING,
  /** It was paused, here or by another process. */
  PAUSED,
  /**
   * What the broker has contradicts what it acknowledged, or what this database knows. The bridge
   * waits until {@link Bridges#rewind} or {@link Bridges#acceptLoss} is called.
   */
  BROKEN,
  /** No process runs it. */
  STOPPED
}
