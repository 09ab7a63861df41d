package io.honker.cli;

import io.honker.error.HonkerException;

/** A command could not do what was asked, though the database is fine. Nothing was changed. */
final class CommandFailedException extends HonkerException {

  private static final long serialVersionUID = 1L;

  private CommandFailedException(String code, String message) {
    super(code, message, null);
  }

  /** What was named is not there. */
  static CommandFailedException notFound(String message) {
    return new CommandFailedException("HNK-CLI-NOT-FOUND", message);
  }

  /** What was asked for could destroy something, or would not work. */
  static CommandFailedException refused(String message) {
    return new CommandFailedException("HNK-CLI-REFUSED", message);
  }

  /** A file could not be read or written. */
  static CommandFailedException files(String message) {
    return new CommandFailedException("HNK-CLI-FILES", message);
  }
}
