package io.honker.brokers;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/** Finds installed programs. */
final class Programs {

  private Programs() {}

  /** The program's path. If it is missing the test is skipped, or fails if {@code CI=true}. */
  static String require(String name, String debianPackage) {
    Optional<String> found = find(name);
    if (found.isPresent()) {
      return found.get();
    }
    String reason = "no " + name + " (on Debian: apt-get install " + debianPackage + ")";
    if ("true".equals(System.getenv("CI"))) {
      return Assertions.fail("missing, and CI=true: " + reason);
    }
    Assumptions.abort(reason);
    throw new IllegalStateException(reason); // abort has thrown
  }

  private static Optional<String> find(String name) {
    String folders = System.getenv().getOrDefault("PATH", "") + File.pathSeparator + "/usr/sbin";
    return Arrays.stream(folders.split(File.pathSeparator))
        .filter(folder -> !folder.isEmpty())
        .map(folder -> Path.of(folder, name))
        .filter(Files::isExecutable)
        .map(Path::toString)
        .findFirst();
  }
}
