package io.honker.runtime.store;

/** What became of a failed attempt. */
public enum FailureOutcome {
  /** The claim was not ours any more; nothing was changed. */
  LOST,
  /** Due again later. */
  RETRIED,
  /** Moved to the dead letters. */
  DEAD
}
