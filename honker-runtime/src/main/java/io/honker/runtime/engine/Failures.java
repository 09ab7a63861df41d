package io.honker.runtime.engine;

import org.jspecify.annotations.Nullable;

/** How a failure is recorded: type, message and the first cause, never a stack trace. */
public final class Failures {

  private static final int LIMIT = 2000;

  private Failures() {}

  /** Puts a failure into words. */
  public static String describe(Throwable failure) {
    StringBuilder text = new StringBuilder(one(failure));
    @Nullable Throwable cause = failure.getCause();
    if (cause != null && cause != failure) {
      text.append("; caused by ").append(one(cause));
    }
    return text.length() <= LIMIT ? text.toString() : text.substring(0, LIMIT) + "...";
  }

  private static String one(Throwable failure) {
    String message = failure.getMessage();
    String type = failure.getClass().getName();
    return message == null || message.isBlank() ? type : type + ": " + message;
  }
}
