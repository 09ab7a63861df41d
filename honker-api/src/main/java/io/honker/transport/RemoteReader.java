package io.honker.transport;

import java.time.Duration;
import java.util.List;

/**
 * Reads a remote log as a member of a group. At least once: what was handed out and not
 * acknowledged comes again, to this member after it came back (that is, opened a reader anew), or
 * to another one when this one is gone.
 *
 * <p>A group with one member gets the log's order, across restarts too: what was not acknowledged
 * comes before anything newer. With several members, what one of them leaves behind may come to
 * another one after newer events; {@link RemoteEvent#previousOffset} tells.
 *
 * <p>Confined to one thread at a time; any thread may close it.
 *
 * @since 0.1.0
 */
public interface RemoteReader extends AutoCloseable {

  /**
   * Returns the next events, and waits for the first if there is none. What this reader has handed
   * out already is not among them, acknowledged or not. Entries of the log that are no events are
   * acknowledged, logged and left out.
   *
   * @param max how many at most, at least 1
   * @param wait how long to wait at most; zero does not wait
   * @return events in the log's order, empty after the wait
   * @throws IllegalArgumentException if {@code max} is less than 1 or {@code wait} negative
   * @throws IllegalStateException if the reader is closed, also meanwhile
   * @throws InterruptedException if interrupted while waiting; nothing is lost
   * @throws TransportException if the broker did not answer; usually retryable. The reader can be
   *     used on
   */
  List<ReceivedEvent> poll(int max, Duration wait) throws InterruptedException;

  /**
   * Acknowledges events that are done, so that they do not come again. Returns when the broker has
   * confirmed it.
   *
   * @param events events that this reader handed out; others are ignored
   * @throws IllegalStateException if the reader is closed
   * @throws TransportException if the broker did not answer; acknowledge again, or the events may
   *     come again
   */
  void ack(List<ReceivedEvent> events);

  /** Ends reading. What is not acknowledged comes again. Idempotent. */
  @Override
  void close();
}
