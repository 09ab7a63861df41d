package io.honker.tck;

import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Shows rules of {@link Level#UNTESTED} as skipped, with their note as the reason. */
final class UntestedRule implements ExecutionCondition {

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
