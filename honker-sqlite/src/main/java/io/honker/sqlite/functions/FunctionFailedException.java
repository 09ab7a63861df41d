package io.honker.sqlite.functions;

/** Ends a call whose function object can no longer tell SQLite itself; SQLite shows the text. */
final class FunctionFailedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  FunctionFailedException(String text) {
    super(text, null, false, false);
  }

  /** The driver hands this to SQLite. */
  @Override
  @SuppressWarnings("OverrideThrowableToString") // getMessage() alone would come with a class name
  public String toString() {
    return String.valueOf(getMessage());
  }
}
