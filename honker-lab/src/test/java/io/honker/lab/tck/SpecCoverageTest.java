package io.honker.lab.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Compares the rules of {@code docs/spec.md} with those that tests name: no rule without a test, no
 * test of a rule that does not exist. Reads sources, because the tests are spread over the modules.
 */
class SpecCoverageTest {

  /** Rule lines look like {@code - Q-4 text}. */
  private static final Pattern IN_SPEC = Pattern.compile("(?m)^- ([A-Z]-\\d+)\\b");

  private static final Pattern IN_TEST = Pattern.compile("@Rule\\(\\s*id\\s*=\\s*\"([^\"]+)\"");

  /** What has been built so far; grows with the project until it is every rule. */
  private static final Pattern BUILT = Pattern.compile("[FTQLCSHB]-\\d+");

  private static Path root() {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.isDirectory(folder.resolve("honker-tck"))) {
      folder = folder.getParent();
    }
    return folder;
  }

  private static TreeSet<String> find(Pattern pattern, String text) {
    TreeSet<String> found = new TreeSet<>();
    pattern.matcher(text).results().map((MatchResult hit) -> hit.group(1)).forEach(found::add);
    return found;
  }

  private static Set<String> specified() throws IOException {
    Path spec = root().resolve("docs/spec.md");
    assumeTrue(Files.exists(spec), "there is no docs/spec.md yet");
    return find(IN_SPEC, Files.readString(spec));
  }

  private static Set<String> tested() throws IOException {
    TreeSet<String> tested = new TreeSet<>();
    try (Stream<Path> modules = Files.list(root())) {
      for (Path module : modules.filter(Files::isDirectory).toList()) {
        Path folder = module.resolve(module.endsWith("honker-tck") ? "src/main" : "src/test");
        sources(folder).forEach(source -> tested.addAll(find(IN_TEST, read(source))));
      }
    }
    return tested;
  }

  private static List<Path> sources(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> tree = Files.walk(folder)) {
      return tree.filter(path -> path.toString().endsWith(".java"))
          .filter(path -> !path.endsWith(SpecCoverageTest.class.getSimpleName() + ".java"))
          .toList();
    }
  }

  private static String read(Path source) {
    try {
      return Files.readString(source);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void scan_findsRulesAndTests() throws IOException {
    assertThat(find(IN_SPEC, "- Q-4 claim(n)\n- T-11 more\nsee Q-5\n"))
        .containsExactly("Q-4", "T-11");
    assertThat(tested()).contains("Q-4", "T-1", "F-5").hasSizeGreaterThan(15);
  }

  @Test
  void everyBuiltRule_hasATestOrSaysThatItIsUntested() throws IOException {
    Set<String> missing = new TreeSet<>(specified());
    missing.removeIf(id -> !BUILT.matcher(id).matches());
    missing.removeAll(tested());

    assertThat(missing).as("rules of docs/spec.md without @Rule(id = ...)").isEmpty();
  }

  @Test
  void everyTestedRule_isInTheSpec() throws IOException {
    Set<String> specified = specified();
    Set<String> unknown = new TreeSet<>(tested());
    unknown.removeAll(specified);

    assertThat(unknown).as("@Rule ids that docs/spec.md does not know").isEmpty();
  }
}
