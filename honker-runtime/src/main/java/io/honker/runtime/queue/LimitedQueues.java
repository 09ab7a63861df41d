package io.honker.runtime.queue;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The queues that this runtime has seen held up by their concurrency limit: whoever ends a job of
 * one of them wakes those who wait for room. Other queues cost nobody anything.
 *
 * <p>Whoever is held up for the first time must look once more: a job may have ended just before it
 * was known that somebody waits.
 */
final class LimitedQueues {

  private final Set<String> names = ConcurrentHashMap.newKeySet();

  /** Notes that somebody waits for room; false if that was known. */
  boolean add(String queue) {
    return names.add(queue);
  }

  boolean contains(String queue) {
    return !names.isEmpty() && names.contains(queue);
  }
}
