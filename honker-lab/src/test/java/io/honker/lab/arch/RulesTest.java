package io.honker.lab.arch;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every rule goes red on what it forbids, and on that only. */
class RulesTest {

  static List<Rule> rules() {
    return Rules.all();
  }

  @ParameterizedTest
  @MethodSource("rules")
  void rule_isBrokenByEveryBadFixtureAndByNoFineOne(Rule rule) {
    JavaClasses fixtures = new ClassFileImporter().importPackages(rule.fixtures());
    String report = rule.on(rule.fixtures()).evaluate(fixtures).getFailureReport().toString();

    List<String> bad = named(fixtures, "Bad");
    assertThat(bad).as("fixtures that break the rule").isNotEmpty();
    assertThat(bad).allSatisfy(name -> assertThat(report).containsPattern(name + "\\b"));
    assertThat(named(fixtures, "Fine"))
        .allSatisfy(name -> assertThat(report).doesNotContainPattern(name + "\\b"));
  }

  private static List<String> named(JavaClasses fixtures, String prefix) {
    return fixtures.stream()
        .filter(JavaClass::isTopLevelClass)
        .filter(type -> type.getSimpleName().startsWith(prefix))
        .map(JavaClass::getName)
        .toList();
  }
}
