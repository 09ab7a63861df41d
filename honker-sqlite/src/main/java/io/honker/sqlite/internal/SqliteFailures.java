package io.honker.sqlite.internal;

import io.honker.error.HonkerException;
import io.honker.error.StoreBusyException;
import io.honker.error.StoreException;
import io.honker.error.StoreUnavailableException;
import java.sql.SQLException;
import org.sqlite.SQLiteErrorCode;

/** Makes typed exceptions of the driver's, with the remedy in the message. */
final class SqliteFailures {

  private final String file;

  SqliteFailures(String file) {
    this.file = file;
  }

  HonkerException translate(String doing, SQLException cause) {
    String what = doing + " failed on " + file + ": " + cause.getMessage();
    return switch (primaryCode(cause)) {
      case SQLITE_BUSY, SQLITE_LOCKED ->
          new StoreBusyException(
              what
                  + "; another process kept the file locked longer than the writer timeout; try"
                  + " again, and look for a process with a long open write transaction",
              cause);
      case SQLITE_NOTADB ->
          new StoreUnavailableException(
              what + "; the file is not a SQLite database, or is encrypted", cause);
      case SQLITE_CORRUPT ->
          new StoreUnavailableException(
              what + "; the file is damaged: restore a backup, or salvage it with .recover", cause);
      case SQLITE_READONLY, SQLITE_PERM, SQLITE_AUTH ->
          new StoreUnavailableException(
              what + "; the file and its folder must be writable by this user", cause);
      case SQLITE_CANTOPEN ->
          new StoreUnavailableException(
              what + "; the folder must exist and be writable by this user", cause);
      case SQLITE_FULL ->
          new StoreUnavailableException(what + "; the disk is full: free space and retry", cause);
      case SQLITE_IOERR ->
          new StoreUnavailableException(what + "; the disk or file system failed", cause);
      default -> new StoreException(what, cause);
    };
  }

  /** Like {@link #translate}, for what happened on a connection that refuses writes. */
  HonkerException translateRead(SQLException cause) {
    if (primaryCode(cause) == SQLiteErrorCode.SQLITE_READONLY) {
      return new StoreException(
          "a read-only connection refused to write; write inside inTransaction, or through a"
              + " connection of dataSource() that is not read-only",
          cause);
    }
    return translate("reading", cause);
  }

  /** The primary result code, whatever extended code the driver reports. */
  static SQLiteErrorCode primaryCode(SQLException e) {
    return SQLiteErrorCode.getErrorCode(e.getErrorCode() & 0xff);
  }
}
