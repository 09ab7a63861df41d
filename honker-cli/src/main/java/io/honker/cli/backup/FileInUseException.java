package io.honker.cli.backup;

import io.honker.error.HonkerException;
import org.jspecify.annotations.Nullable;

/** There is a database in the place that others use, or a log of one. Nothing was changed. */
public final class FileInUseException extends HonkerException {

  private static final long serialVersionUID = 1L;

  FileInUseException(String message, @Nullable Throwable cause) {
    super("HNK-CLI-FILE-IN-USE", message, cause);
  }
}
