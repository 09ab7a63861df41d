package io.honker.runtime.stream;

import org.jspecify.annotations.Nullable;

/** How an event is handled, and how it becomes a dead letter. */
interface EventRun<T> {

  /**
   * What came of an attempt.
   *
   * @param position how far the consumer is now
   * @param failure what the handler threw, null if it did not run or did well
   */
  record Outcome(long position, @Nullable Throwable failure) {}

  /**
   * Delivers an event once.
   *
   * @param position how far this subscriber believes the consumer to be
   * @return what came of it; the position is unchanged if the event is not done
   */
  Outcome run(Delivery<T> delivery, long position);

  /** What came of a burial: how far the consumer is now, and the dead letter's id, 0 for none. */
  record Buried(long position, long jobId) {}

  /** Makes the event a dead letter and moves the consumer's offset, in one transaction. */
  Buried bury(Delivery<T> delivery, Throwable why, long position);

  /** Whether {@link #run} saves the offset itself. */
  boolean savesOffsets();
}
