package io.honker.runtime.bridge;

/** What the broker has contradicts what is on record; somebody has to decide. */
final class BrokenBridgeException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  BrokenBridgeException(String message) {
    super(message);
  }
}
