package io.honker.lab.arch;

import com.tngtech.archunit.lang.ArchRule;
import java.util.Locale;
import java.util.function.Function;

/**
 * A rule that can be made for any root package, so that it can be tried on fixtures.
 *
 * @param id what the rule is called; also names its folder of fixtures
 * @param forRoot makes the rule for a root package
 */
record Rule(String id, Function<String, ArchRule> forRoot) {

  ArchRule on(String root) {
    ArchRule rule = forRoot.apply(root);
    return rule.as(id + ": " + rule.getDescription());
  }

  String fixtures() {
    return "io.honker.lab.arch.fixtures." + id.toLowerCase(Locale.ROOT);
  }

  @Override
  public String toString() {
    return id;
  }
}
