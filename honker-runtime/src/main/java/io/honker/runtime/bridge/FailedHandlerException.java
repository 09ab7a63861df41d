package io.honker.runtime.bridge;

import io.honker.transport.ReceivedEvent;

/** Carries what a handler of received events threw through the rollback. */
final class FailedHandlerException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  FailedHandlerException(ReceivedEvent event, Exception cause) {
    super(
        "the handler failed on event "
            + event.event().offset()
            + " of "
            + event.source().topic()
            + " (origin "
            + event.source().origin()
            + ")",
        cause);
  }
}
