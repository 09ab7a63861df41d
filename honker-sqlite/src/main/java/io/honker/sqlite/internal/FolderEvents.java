package io.honker.sqlite.internal;

import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** File-system events on the database's folder: hints that somebody may have committed. */
final class FolderEvents implements AutoCloseable {

  private final Path folder;
  private final String fileName;
  private final WatchService service;
  private @Nullable WatchKey key;

  FolderEvents(Path file) throws IOException {
    this.folder = java.util.Objects.requireNonNull(file.getParent());
    this.fileName = String.valueOf(file.getFileName());
    this.service = file.getFileSystem().newWatchService();
  }

  /** Whether the platform reports events by itself; others poll folders every few seconds. */
  static boolean areFast() {
    return System.getProperty("os.name", "").startsWith("Linux");
  }

  boolean isArmed() {
    return key != null;
  }

  void arm() throws IOException {
    if (key == null) {
      key =
          folder.register(
              service, StandardWatchEventKinds.ENTRY_MODIFY, StandardWatchEventKinds.ENTRY_CREATE);
    }
  }

  void disarm() {
    WatchKey armed = key;
    if (armed != null) {
      armed.cancel();
      key = null;
    }
  }

  /**
   * Waits for an event of the database or its write-ahead log.
   *
   * @return whether there was one; false after the timeout or for other files
   */
  boolean await(long timeoutNanos) throws InterruptedException {
    WatchKey signalled = service.poll(timeoutNanos, TimeUnit.NANOSECONDS);
    boolean ours = false;
    while (signalled != null) {
      for (WatchEvent<?> event : signalled.pollEvents()) {
        ours |= concerns(event);
      }
      if (!signalled.reset() && signalled == key) {
        key = null; // the folder is gone, or the watch was lost: to be armed again
      }
      signalled = service.poll();
    }
    return ours;
  }

  private boolean concerns(WatchEvent<?> event) {
    return event.context() == null // overflow: who knows
        || event.context().toString().startsWith(fileName);
  }

  @Override
  public void close() {
    try {
      service.close();
    } catch (IOException e) {
      key = null; // nothing depends on it any more
    }
  }
}
