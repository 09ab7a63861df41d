package io.honker.stream;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Reads a topic one event after the other. Confined to one thread at a time; any thread may close
 * it, which ends a wait with {@link IllegalStateException}.
 *
 * @param <T> the payload type
 * @since 0.1.0
 */
public interface StreamReader<T> extends AutoCloseable {

  /**
   * Returns the next event and waits for it if there is none.
   *
   * @param timeout how long to wait at most; zero does not wait
   * @return the next event, empty after the timeout
   * @throws InterruptedException if interrupted while waiting; nothing is skipped then
   * @throws io.honker.error.PayloadException if the event cannot be decoded; the next call goes on
   *     behind it
   */
  Optional<StreamEvent<T>> next(Duration timeout) throws InterruptedException;

  /**
   * Returns the next events and waits for the first if there is none.
   *
   * @param max how many at most, at least 1
   * @param timeout how long to wait at most; zero does not wait
   * @return events in order, empty after the timeout
   * @throws InterruptedException if interrupted while waiting; nothing is skipped then
   * @throws io.honker.error.PayloadException if the first event cannot be decoded; the next call
   *     goes on behind it
   */
  List<StreamEvent<T>> next(int max, Duration timeout) throws InterruptedException;

  /**
   * Returns the offset of the last event handed out.
   *
   * @return where the next call goes on
   */
  long position();

  /** Ends reading. Idempotent. */
  @Override
  void close();
}
