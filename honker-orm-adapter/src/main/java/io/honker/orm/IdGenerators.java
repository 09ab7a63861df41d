package io.honker.orm;

import io.honker.error.HonkerConfigurationException;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import java.lang.reflect.AnnotatedElement;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.hibernate.annotations.IdGeneratorType;
import org.hibernate.boot.spi.InFlightMetadataCollector;
import org.hibernate.engine.spi.SessionFactoryImplementor;
import org.hibernate.generator.Generator;
import org.hibernate.id.IdentityGenerator;
import org.hibernate.id.enhanced.SequenceStyleGenerator;
import org.hibernate.id.enhanced.TableGenerator;
import org.hibernate.mapping.Property;
import org.hibernate.mapping.RootClass;
import org.hibernate.mapping.SimpleValue;
import org.jspecify.annotations.Nullable;

/**
 * Ids that come from a table, as Hibernate makes those of {@code TABLE}, {@code SEQUENCE} and
 * {@code AUTO} on SQLite, are drawn in a second transaction while the first has the writer, and
 * would wait for it. {@code AUTO} becomes {@code IDENTITY} here; the others are refused (rule H-2).
 */
final class IdGenerators {

  private static final Set<Class<?>> NUMBERS =
      Set.of(
          long.class,
          Long.class,
          int.class,
          Integer.class,
          short.class,
          Short.class,
          BigInteger.class);

  private static final String REMEDY =
      "which would draw it in a second transaction while the first has the writer; use"
          + " GenerationType.IDENTITY or UUID";

  private IdGenerators() {}

  /** Changes and checks the mapping before a factory, or a schema, is made of it. */
  static void prepare(InFlightMetadataCollector metadata) {
    List<String> problems = new ArrayList<>();
    metadata.getEntityBindingMap().values().stream()
        .filter(RootClass.class::isInstance)
        .map(RootClass.class::cast)
        .forEach(entity -> prepare(entity, problems));
    if (!problems.isEmpty()) {
      throw new HonkerConfigurationException(problems, null);
    }
  }

  private static void prepare(RootClass entity, List<String> problems) {
    Property id = entity.getIdentifierProperty();
    if (id == null
        || !entity.hasPojoRepresentation()
        || !(entity.getIdentifier() instanceof SimpleValue value)) {
      return;
    }
    AnnotatedElement member = generatedMember(entity.getMappedClass(), id.getName());
    if (member == null || hasOwnGenerator(member)) {
      return;
    }
    GeneratedValue generated = member.getAnnotation(GeneratedValue.class);
    GenerationType strategy = generated.strategy();
    if (strategy == GenerationType.TABLE || strategy == GenerationType.SEQUENCE) {
      problems.add(problem(entity.getEntityName(), "generator " + strategy));
    } else if (strategy == GenerationType.AUTO
        && generated.generator().isBlank()
        && NUMBERS.contains(value.getType().getReturnedClass())) {
      value.setCustomIdGeneratorCreator(context -> new IdentityGenerator());
      value.setColumnToIdentity();
    }
  }

  /** The field or getter that says so, in the class or one above it; null if mapped otherwise. */
  private static @Nullable AnnotatedElement generatedMember(Class<?> type, String id) {
    for (Class<?> c = type; c != null; c = c.getSuperclass()) {
      for (AnnotatedElement member : members(c, id).toList()) {
        if (member.isAnnotationPresent(GeneratedValue.class)) {
          return member;
        }
      }
    }
    return null;
  }

  /** One that the application wrote, or Hibernate's for UUIDs, wins over the strategy. */
  private static boolean hasOwnGenerator(AnnotatedElement member) {
    return Stream.of(member.getAnnotations())
        .anyMatch(a -> a.annotationType().isAnnotationPresent(IdGeneratorType.class));
  }

  private static Stream<AnnotatedElement> members(Class<?> type, String id) {
    return Stream.concat(
        Stream.of(type.getDeclaredFields()).filter(field -> field.getName().equals(id)),
        Stream.of(type.getDeclaredMethods())
            .filter(method -> method.getName().equalsIgnoreCase("get" + id)));
  }

  /** What no annotation told: generators of XML mappings and those given by class. */
  static List<String> problems(SessionFactoryImplementor factory) {
    List<String> problems = new ArrayList<>();
    factory
        .getMappingMetamodel()
        .forEachEntityDescriptor(
            entity -> {
              Generator generator = entity.getGenerator();
              if (generator instanceof TableGenerator
                  || (generator instanceof SequenceStyleGenerator sequence
                      && !sequence.getDatabaseStructure().isPhysicalSequence())) {
                problems.add(problem(entity.getEntityName(), generator.getClass().getSimpleName()));
              }
            });
    return problems;
  }

  private static String problem(String entity, String what) {
    return "the id of " + entity + " comes from a table (" + what + "), " + REMEDY;
  }
}
