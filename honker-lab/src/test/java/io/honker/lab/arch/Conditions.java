package io.honker.lab.arch;

import com.tngtech.archunit.base.HasDescription;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnitAccess;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Conditions made of a lambda. */
final class Conditions {
  private Conditions() {}

  /** Every problem that the function names is a violation. */
  static ArchCondition<JavaClass> satisfy(
      String description, Function<JavaClass, Stream<String>> problems) {
    return new ArchCondition<>(description) {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        problems
            .apply(type)
            .forEach(
                problem ->
                    events.add(
                        SimpleConditionEvent.violated(type, type.getName() + ": " + problem)));
      }
    };
  }

  /** No dependency for which the predicate, given both ends, says that it is forbidden. */
  static ArchCondition<JavaClass> dependOnNothingForbidden(
      BiPredicate<JavaClass, JavaClass> forbidden) {
    return satisfy(
        "depend on nothing forbidden",
        type ->
            type.getDirectDependenciesFromSelf().stream()
                .filter(d -> forbidden.test(type, d.getTargetClass().getBaseComponentType()))
                .map(Dependency::getDescription));
  }

  /** No call of and no reference to a method or constructor that the predicate matches. */
  static ArchCondition<JavaClass> notCall(Predicate<CodeUnitAccessTarget> forbidden) {
    return satisfy(
        "not call it",
        type ->
            Stream.concat(
                    type.getCodeUnitCallsFromSelf().stream(),
                    type.getCodeUnitReferencesFromSelf().stream())
                .filter(access -> forbidden.test(target(access)))
                .map(HasDescription::getDescription));
  }

  private static CodeUnitAccessTarget target(JavaCodeUnitAccess<?> access) {
    return (CodeUnitAccessTarget) access.getTarget();
  }
}
