package io.honker.runtime.loop;

/**
 * What a commit touched and a waiter waits for.
 *
 * @param kind the kind of thing
 * @param name its name
 */
public record WakeKey(Kind kind, String name) {

  /** The kinds of things that are waited for by name. */
  public enum Kind {
    /** Jobs of a queue. */
    QUEUE,
    /** The end of one job. */
    JOB_END
  }

  /** Jobs of a queue became claimable, or may have. */
  public static WakeKey queue(String name) {
    return new WakeKey(Kind.QUEUE, name);
  }

  /** A job ended: result saved, acknowledged, dead or cancelled. */
  public static WakeKey jobEnd(long jobId) {
    return new WakeKey(Kind.JOB_END, Long.toString(jobId));
  }
}
