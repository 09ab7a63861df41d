package io.honker.sqlite.internal;

import io.honker.runtime.store.StoreConnection;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * Knows of commits that were not made through the write lane.
 *
 * <p>{@code PRAGMA data_version}, read on the writing connection itself, changes exactly when
 * another connection, of this or another process, has committed since it was last read. Our own
 * commits never change it, so they cost no false alarm.
 */
final class ForeignCommits {

  private volatile Runnable listener = () -> {};
  private volatile boolean watched;
  private long lastVersion = -1;

  void onCommit(Runnable newListener) {
    listener = newListener;
  }

  boolean isWatched() {
    return watched;
  }

  void watched(boolean someoneWaits) {
    watched = someoneWaits;
  }

  /** Reads the version; only for the thread that has the writer. */
  boolean probe(StoreConnection writer) {
    try (ResultSet row = writer.statement("PRAGMA data_version").executeQuery()) {
      row.next();
      long version = row.getLong(1);
      boolean changed = version != lastVersion;
      lastVersion = version;
      return changed;
    } catch (SQLException e) {
      writer.forgetStatements(e);
      return true; // conservative: let everybody look for themselves
    }
  }

  /** Takes the version as known; only for the thread that has the writer. */
  void takeBaseline(StoreConnection writer) {
    probe(writer);
  }

  void announce() {
    listener.run();
  }
}
