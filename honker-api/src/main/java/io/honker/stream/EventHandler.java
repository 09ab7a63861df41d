package io.honker.stream;

/**
 * Handles events.
 *
 * @param <T> the payload type
 * @since 0.1.0
 */
@FunctionalInterface
public interface EventHandler<T> {

  /**
   * Handles one event. Returning moves on; throwing delivers the same event again after a while, as
   * the subscription's {@link io.honker.retry.RetryPolicy} says.
   *
   * @param event the event
   * @throws Exception to have the event delivered again; {@link
   *     io.honker.retry.RetryLaterException} and {@link io.honker.retry.GiveUpException} say what
   *     should follow
   */
  void handle(StreamEvent<T> event) throws Exception;
}
