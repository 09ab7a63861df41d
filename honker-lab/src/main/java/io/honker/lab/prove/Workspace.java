package io.honker.lab.prove;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The folder of one run, below the system's temporary folder.
 *
 * @param folder where everything of this run is
 */
record Workspace(Path folder) {

  static Workspace create(String caseName) {
    try {
      return new Workspace(Files.createTempDirectory("honker-prove-" + caseName + "-"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Path file(String name) {
    return folder.resolve(name);
  }

  void delete() {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The driver's native library, once for each process that was killed before it could tidy up. */
  void deleteNativeLibraries() throws IOException {
    List<Path> libraries;
    try (Stream<Path> files = Files.list(folder)) {
      libraries =
          files.filter(file -> file.getFileName().toString().contains("sqlitejdbc")).toList();
    }
    for (Path library : libraries) {
      Files.deleteIfExists(library);
    }
  }
}
