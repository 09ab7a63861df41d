package io.honker.cli.backup;

import java.io.IOException;
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

/**
 * A file that appears under its name when it is complete, or not at all: not even half of it stays
 * when the process is told to end.
 */
final class PartialFile implements AutoCloseable {

  private final Path target;
  private final Path part;
  private final Thread onExit;

  private PartialFile(Path target, Path part) {
    this.target = target;
    this.part = part;
    this.onExit = new Thread(this::deleteQuietly, "honker-partial-file");
    Runtime.getRuntime().addShutdownHook(onExit);
  }

  /** Makes an empty file in the target's folder that only its owner can read. */
  static PartialFile beside(Path target) throws IOException {
    Path absolute = target.toAbsolutePath();
    Path folder = Objects.requireNonNullElse(absolute.getParent(), absolute);
    FileAttribute<?>[] ownerOnly =
        FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
            ? new FileAttribute<?>[] {
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
            }
            : new FileAttribute<?>[0];
    return new PartialFile(
        absolute,
        Files.createTempFile(folder, "." + absolute.getFileName() + "-", ".part", ownerOnly));
  }

  Path path() {
    return part;
  }

  /** Brings the file to the disk and gives it its name. No database may have it open. */
  void complete(boolean replace) throws IOException {
    sync(part, StandardOpenOption.WRITE);
    CopyOption[] options =
        replace ? new CopyOption[] {StandardCopyOption.REPLACE_EXISTING} : new CopyOption[0];
    Path moved = Files.move(part, target, options);
    try {
      sync(Objects.requireNonNull(moved.getParent()), StandardOpenOption.READ);
    } catch (IOException e) {
      return; // folders cannot be opened everywhere; the name is there, and soon on the disk
    }
  }

  private static void sync(Path path, StandardOpenOption how) throws IOException {
    try (FileChannel channel = FileChannel.open(path, how)) {
      channel.force(true);
    }
  }

  private void deleteQuietly() {
    try {
      boolean deleted = Files.deleteIfExists(part);
      assert deleted || !Files.exists(part);
    } catch (IOException e) {
      part.toFile().deleteOnExit();
    }
  }

  @Override
  public void close() {
    try {
      boolean removed = Runtime.getRuntime().removeShutdownHook(onExit);
      assert removed;
      deleteQuietly();
    } catch (IllegalStateException e) {
      return; // the process ends, and the hook deletes
    }
  }
}
