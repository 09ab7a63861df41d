package io.honker.lab.arch;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.Location;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The rules on the production classes, and whether the scan saw them. */
class ArchitectureTest {
  private static final String ROOT = "io.honker";
  private static final Pattern NOT_PUBLISHED =
      Pattern.compile(".*/io/honker/(lab|examples|brokers)/.*");

  /** Grows with the project, so that a scan that suddenly sees little is noticed. */
  private static final int AT_LEAST = 20;

  private static final JavaClasses PRODUCTION =
      new ClassFileImporter().withImportOption(ArchitectureTest::isPublished).importPackages(ROOT);

  private static boolean isPublished(Location location) {
    return !location.matches(NOT_PUBLISHED);
  }

  static List<Rule> rules() {
    return Rules.all();
  }

  @ParameterizedTest
  @MethodSource("rules")
  void production_keepsRule(Rule rule) {
    rule.on(ROOT).check(PRODUCTION);
  }

  /** A10: without it, a scan that sees nothing would be green. */
  @Test
  void scan_sawEveryModule() {
    Map<Module, Integer> seen = new EnumMap<>(Module.class);
    for (JavaClass type : PRODUCTION) {
      seen.merge(Module.of(ROOT, type), 1, Integer::sum);
    }
    assertThat(seen.keySet()).containsAll(Arrays.asList(Module.values()));
    assertThat(PRODUCTION.size()).isGreaterThanOrEqualTo(AT_LEAST);
    assertThat(PRODUCTION.contain("io.honker.error.HonkerException")).isTrue();
  }
}
