package io.honker.cli.backup;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.CopyOption;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A file that appears under its name when it is complete, or not at all: not even half of it stays
 * when the process is told to end.
 */
final class PartialFile implements AutoCloseable {

  private static final long STOP_MILLIS = 100;
  private static final int STOPS = 100;

  private final Path target;
  private final Runnable stopWriting;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread onExit = new Thread(this::exit, "honker-partial-file");
  private volatile boolean exiting;
  private volatile @Nullable Path part;

  /**
   * Prepares a file.
   *
   * @param stopWriting called by another thread, perhaps several times, when the process ends
   */
  PartialFile(Path target, Runnable stopWriting) {
    this.target = target.toAbsolutePath();
    this.stopWriting = stopWriting;
    Runtime.getRuntime().addShutdownHook(onExit);
  }

  /** Makes an empty file in the target's folder that only its owner can read. */
  Path create() throws IOException {
    Path folder = Objects.requireNonNullElse(target.getParent(), target);
    FileAttribute<?>[] ownerOnly =
        FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
            ? new FileAttribute<?>[] {
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
            }
            : new FileAttribute<?>[0];
    Path created =
        Files.createTempFile(folder, "." + target.getFileName() + "-", ".part", ownerOnly);
    part = created;
    return created;
  }

  /**
   * Brings the file to the disk and gives it its name. No database may have it open.
   *
   * @param replace whether it takes the place of a file of that name, in one step
   * @return whether the name is on the disk too
   */
  boolean complete(boolean replace) throws IOException {
    Path complete = Objects.requireNonNull(part);
    if (exiting) {
      throw new InterruptedIOException("told to end");
    }
    sync(complete, StandardOpenOption.WRITE);
    CopyOption[] options =
        replace ? new CopyOption[] {StandardCopyOption.ATOMIC_MOVE} : new CopyOption[0];
    Path moved = Files.move(complete, target, options);
    try {
      sync(Objects.requireNonNull(moved.getParent()), StandardOpenOption.READ);
      return true;
    } catch (IOException e) {
      return false; // folders cannot be opened everywhere; the name is there, and soon on the disk
    }
  }

  private static void sync(Path path, StandardOpenOption how) throws IOException {
    try (FileChannel channel = FileChannel.open(path, how)) {
      channel.force(true);
    }
  }

  /** Deletes when nobody writes any more: a file deleted before it is opened would come back. */
  private void exit() {
    exiting = true;
    try {
      for (int i = 0; i < STOPS && !closed.await(STOP_MILLIS, TimeUnit.MILLISECONDS); i++) {
        stopWriting.run();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    deletePart();
  }

  private void deletePart() {
    Path unfinished = part;
    if (unfinished == null) {
      return;
    }
    try {
      boolean deleted = Files.deleteIfExists(unfinished);
      assert deleted || Files.notExists(unfinished);
    } catch (IOException e) {
      unfinished.toFile().deleteOnExit();
    }
  }

  @Override
  public void close() {
    closed.countDown();
    try {
      boolean removed = Runtime.getRuntime().removeShutdownHook(onExit);
      assert removed;
      deletePart();
    } catch (IllegalStateException e) {
      return; // the process ends, and the hook deletes
    }
  }
}
