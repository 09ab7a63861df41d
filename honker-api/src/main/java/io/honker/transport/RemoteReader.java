package io.honker.transport;

import java.time.Duration;
import java.util.List;

/**
 * Reads a remote log as a member of a group. At least once: what was handed out and not acknowledged
 * comes again, to this member after it came back, or to another one when this one is gone.
 *
 * <p>Confined to one thread at a time; any thread may close it.
 *
 * @since 0.1.0
 */
public interface RemoteReader extends AutoCloseable {

  /**
   * Returns the next events, those first that this member had and did not acknowledge, and waits for
   * the first if there is none.
   *
   * @param max how many at most, at least 1
   * @param wait how long to wait at most; zero does not wait
   * @return events in the log's order, empty after the wait
   * @throws InterruptedException if interrupted while waiting
   * @throws TransportException if the broker did not answer; usually retryable
   */
  List<ReceivedEvent> poll(int max, Duration wait) throws InterruptedException;

  /**
   * Acknowledges events that are done, so that they do not come again. Returns when the broker has
   * confirmed it.
   *
   * @param events events that this reader handed out
   * @throws TransportException if the broker did not answer; the events may come again
   */
  void ack(List<ReceivedEvent> events);

  /** Ends reading. What is not acknowledged comes again. Idempotent. */
  @Override
  void close();
}
