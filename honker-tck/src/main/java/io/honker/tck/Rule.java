package io.honker.tck;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Marks a test and names the rule of {@code docs/spec.md} that it checks. Stands in for {@link
 * Test}.
 *
 * <p>A build step compares the ids with the specification: a rule without a test, and a test of a
 * rule that does not exist, fail the build.
 *
 * @since 0.1.0
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@Test
@ExtendWith(Rule.Untested.class)
public @interface Rule {

  /**
   * Returns the rule's id.
   *
   * @return an id such as {@code Q-4}
   */
  String id();

  /**
   * Returns how binding the rule is.
   *
   * @return the level; default {@link Level#REQUIRED}
   */
  Level level() default Level.REQUIRED;

  /**
   * Returns what a reader should know beyond the name; for {@link Level#UNTESTED}, who checks the
   * rule instead.
   *
   * @return a sentence; default none
   */
  String note() default "";

  /** Shows rules of {@link Level#UNTESTED} as skipped, with their note as the reason. */
  final class Untested implements ExecutionCondition {

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
      return context
          .getTestMethod()
          .map(method -> method.getAnnotation(Rule.class))
          .filter(rule -> rule.level() == Level.UNTESTED)
          .map(rule -> ConditionEvaluationResult.disabled(rule.id() + " untested: " + rule.note()))
          .orElseGet(() -> ConditionEvaluationResult.enabled("tested"));
    }
  }
}
