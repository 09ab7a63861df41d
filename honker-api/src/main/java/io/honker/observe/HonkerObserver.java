package io.honker.observe;

/**
 * Is told what happens inside an open database. Metrics and tracing adapters build on it.
 *
 * <pre>{@code
 * HonkerObserver observer = event -> {
 *   if (event instanceof HonkerEvent.JobDied died) {
 *     counter("jobs.dead", died.queue()).increment();
 *   }
 * };
 * }</pre>
 *
 * <p>Called on the thread that did the work, after its commit and outside every lock. It should
 * return quickly. What it throws is logged and otherwise ignored.
 *
 * <p>Implementations are safe for use by multiple threads.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface HonkerObserver {

  /** Ignores everything. The default; no event is even built for it. */
  HonkerObserver NONE = event -> {};

  /**
   * Receives one event. New kinds of events appear in later versions; ignore unknown ones.
   *
   * @param event what happened, never null
   */
  void onEvent(HonkerEvent event);
}
