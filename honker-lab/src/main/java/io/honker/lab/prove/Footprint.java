package io.honker.lab.prove;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;

/**
 * What this process holds on to: threads of ours, open files, files that are deleted and still
 * open, and heap that survives collections. Where there is no /proc, files are not counted.
 *
 * @param threads names of living threads of the library
 * @param files open files by their number
 * @param deleted those of them that no longer have a name
 * @param heapBytes heap in use after collections
 */
record Footprint(
    List<String> threads, TreeMap<String, String> files, List<String> deleted, long heapBytes) {

  private static final Path OPEN_FILES = Path.of("/proc/self/fd");
  private static final int COLLECTIONS = 4;
  private static final long BETWEEN_NANOS = 20_000_000;

  static Footprint now() throws IOException {
    List<String> threads =
        Thread.getAllStackTraces().keySet().stream()
            .map(Thread::getName)
            .filter(name -> name.startsWith("honker-"))
            .sorted()
            .toList();
    TreeMap<String, String> files = openFiles();
    List<String> deleted =
        files.values().stream().filter(target -> target.endsWith(" (deleted)")).toList();
    return new Footprint(threads, files, deleted, usedHeap());
  }

  private static TreeMap<String, String> openFiles() throws IOException {
    TreeMap<String, String> files = new TreeMap<>();
    if (!Files.isDirectory(OPEN_FILES)) {
      return files;
    }
    try (DirectoryStream<Path> numbers = Files.newDirectoryStream(OPEN_FILES)) {
      for (Path number : numbers) {
        if (Files.isSymbolicLink(number)) { // not closed since
          files.put(number.getFileName().toString(), Files.readSymbolicLink(number).toString());
        }
      }
    }
    files.values().removeIf(target -> target.matches("/proc/[0-9]+/fd"));
    return files;
  }

  private static long usedHeap() {
    MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
    long least = Long.MAX_VALUE;
    for (int i = 0; i < COLLECTIONS; i++) {
      System.gc();
      Waiting.pass(BETWEEN_NANOS);
      least = Math.min(least, memory.getHeapMemoryUsage().getUsed());
    }
    return least;
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%d threads of ours, %d open files, %d of them deleted, %.2f MB of heap",
        threads.size(),
        files.size(),
        deleted.size(),
        heapBytes / 1e6);
  }
}
