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
    JOB_END,
    /** Events of a topic. */
    TOPIC,
    /** Notifications of a channel. */
    CHANNEL,
    /** The members and slots of a consumer group. */
    GROUP,
    /** The release of a lock. */
    LOCK,
    /** Any schedule. */
    SCHEDULES
  }

  /** Jobs of a queue became claimable, or may have. */
  public static WakeKey queue(String name) {
    return new WakeKey(Kind.QUEUE, name);
  }

  /** A job ended: result saved, acknowledged, dead or cancelled. */
  public static WakeKey jobEnd(long jobId) {
    return new WakeKey(Kind.JOB_END, Long.toString(jobId));
  }

  /** Events were published to a topic. */
  public static WakeKey topic(String name) {
    return new WakeKey(Kind.TOPIC, name);
  }

  /** A channel was notified. */
  public static WakeKey channel(String name) {
    return new WakeKey(Kind.CHANNEL, name);
  }

  /** Members of a topic's consumer group came or went, or gave slots away. */
  public static WakeKey group(String topic, String group) {
    return new WakeKey(Kind.GROUP, topic.length() + ":" + topic + group);
  }

  /** A lock was released. */
  public static WakeKey lock(String name) {
    return new WakeKey(Kind.LOCK, name);
  }

  /** Schedules were added, changed or resumed. */
  public static WakeKey schedules() {
    return new WakeKey(Kind.SCHEDULES, "");
  }
}
