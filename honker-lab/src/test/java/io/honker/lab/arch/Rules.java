package io.honker.lab.arch;

import static com.tngtech.archunit.core.domain.JavaModifier.ABSTRACT;
import static com.tngtech.archunit.core.domain.JavaModifier.FINAL;
import static com.tngtech.archunit.core.domain.JavaModifier.PROTECTED;
import static com.tngtech.archunit.core.domain.JavaModifier.PUBLIC;
import static com.tngtech.archunit.core.domain.JavaModifier.STATIC;
import static com.tngtech.archunit.core.domain.JavaModifier.SYNCHRONIZED;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static io.honker.lab.arch.Conditions.dependOnNothingForbidden;
import static io.honker.lab.arch.Conditions.notCall;
import static io.honker.lab.arch.Conditions.satisfy;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaConstructorCall;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaType;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.stream.Stream;

/** The rules, and the lists of what is exempt from them with the reason why. */
final class Rules {

  /** Packages of the api that hold one feature each; none imports another. */
  private static final Set<String> FEATURES =
      Set.of(
          "queue",
          "stream",
          "channel",
          "bridge",
          "schedule",
          "lock",
          "task",
          "workflow",
          "outbox",
          "transport");

  /** Packages of the api that all features stand on. */
  private static final Set<String> GROUND =
      Set.of("tx", "codec", "error", "time", "observe", "retry", "spi", "internal");

  /** Packages of the runtime that its features stand on. */
  private static final Set<String> RUNTIME_GROUND = Set.of("store", "loop");

  /** Where one feature truly builds on another, as "above -> below"; package-info says why. */
  private static final Set<String> FEATURE_ON_FEATURE =
      Set.of("task -> queue", "bridge -> channel", "bridge -> stream", "bridge -> transport");

  /** Types below the root, outside the system clock, that read the real time: type to reason. */
  private static final Map<String, String> REAL_TIME =
      Map.of(
          "sqlite.internal.WriteLane", "pauses so that other processes get the writer",
          "sqlite.internal.WriterBusyHandler", "waits for other processes' locks",
          "sqlite.internal.CommitWatcher", "waits for other processes' commits");

  /** Public types in internal packages, below the root: type to reason. */
  private static final Map<String, String> INTERNAL_ENTRIES =
      Map.of(
          "internal.Checks", "options of all features check with it",
          "internal.HiddenCredentials", "all messages show locations with it",
          "internal.ProviderDiscovery", "the builders of Honker and Transport search with it",
          "sqlite.internal.SqliteLocation", "the provider checks locations with it",
          "sqlite.internal.SqliteSettings", "the provider hands its options over in it",
          "sqlite.internal.SqliteStore", "the provider opens it");

  /** Libraries that only one module may mention. */
  private static final Map<String, Module> LIBRARIES =
      Map.of(
          "org.hibernate", Module.ORM,
          "jakarta.persistence", Module.ORM,
          "io.lettuce", Module.REDIS,
          "io.nats", Module.NATS,
          "org.sqlite", Module.SQLITE,
          "tools.jackson", Module.RUNTIME,
          "com.cronutils", Module.RUNTIME);

  private Rules() {}

  static List<Rule> all() {
    return List.of(
        new Rule("A1", Rules::noPackageCycles),
        new Rule("A1b", Rules::noFileCycles),
        new Rule("A2", Rules::apiStandsAlone),
        new Rule("A3", Rules::internalStaysInside),
        new Rule("A4", Rules::signaturesHideInternals),
        new Rule("A5", Rules::packagesAreNullMarked),
        new Rule("A6", Rules::oneServiceLoader),
        new Rule("A7", Rules::timeIsAPort),
        new Rule("A8", Rules::noPrinting),
        new Rule("A9", Rules::noGenericExceptions),
        new Rule("A11", Rules::librariesStayHome),
        new Rule("A12", Rules::exceptionsAreOurs),
        new Rule("A13", Rules::optionsAreImmutable),
        new Rule("A14", Rules::internalIsPackagePrivate),
        new Rule("A17", Rules::noOldConcurrency),
        new Rule("A19", Rules::kitNeedsLittle),
        new Rule("F1", Rules::modulesPointDown),
        new Rule("F2", Rules::apiFloors),
        new Rule("F3", Rules::runtimeFloors));
  }

  /** Slices start at the root's parent: from the root itself, its own package is in no slice. */
  static ArchRule noPackageCycles(String root) {
    return slices()
        .matching(root.substring(0, root.lastIndexOf('.')) + ".(**)")
        .should()
        .beFreeOfCycles()
        .allowEmptyShould(true);
  }

  /** A source file is a top-level class with what is nested in it. */
  static ArchRule noFileCycles(String root) {
    SliceAssignment byFile =
        new SliceAssignment() {
          @Override
          public SliceIdentifier getIdentifierOf(JavaClass type) {
            return Module.isBelow(root, type)
                ? SliceIdentifier.of(topLevel(type))
                : SliceIdentifier.ignore();
          }

          @Override
          public String getDescription() {
            return "source files";
          }
        };
    return slices().assignedFrom(byFile).should().beFreeOfCycles().allowEmptyShould(true);
  }

  static ArchRule apiStandsAlone(String root) {
    List<String> allowed = List.of("java", "javax.net.ssl", "javax.sql", "org.jspecify");
    return classes()
        .that(Module.API.types(root))
        .should(
            dependOnNothingForbidden(
                (from, to) ->
                    !to.isPrimitive()
                        && !Module.API.holds(root, to)
                        && allowed.stream().noneMatch(name -> Module.isBelow(name, to))))
        .allowEmptyShould(true);
  }

  static ArchRule internalStaysInside(String root) {
    return below(
        root,
        dependOnNothingForbidden(
            (from, to) -> isInternal(root, to) && !Module.isBelow(ownerOfInternal(to), from)));
  }

  static ArchRule signaturesHideInternals(String root) {
    return below(
        root,
        satisfy(
            "mention no internal type in what they show",
            type ->
                isInternal(root, type) || !type.getModifiers().contains(PUBLIC)
                    ? Stream.empty()
                    : type.getCodeUnits().stream()
                        .filter(unit -> isShown(unit.getModifiers()))
                        .filter(unit -> typesIn(unit).anyMatch(t -> isInternal(root, t)))
                        .map(JavaCodeUnit::getDescription)));
  }

  static ArchRule packagesAreNullMarked(String root) {
    return below(
        root,
        satisfy(
            "live in a package that is @NullMarked",
            type ->
                type.getPackage().isAnnotatedWith("org.jspecify.annotations.NullMarked")
                    ? Stream.empty()
                    : Stream.of(type.getPackageName() + " is not @NullMarked")));
  }

  static ArchRule oneServiceLoader(String root) {
    return below(
        root,
        dependOnNothingForbidden(
            (from, to) ->
                to.isEquivalentTo(ServiceLoader.class)
                    && !(from.getPackageName().equals(root + ".internal")
                        && topLevel(from).endsWith("Discovery"))));
  }

  static ArchRule timeIsAPort(String root) {
    return classes()
        .that(
            DescribedPredicate.describe(
                "are no system clock",
                type ->
                    Module.isBelow(root, type)
                        && !topLevel(type).startsWith(root + ".time.System")
                        && !isListed(REAL_TIME, root, type)))
        .should(notCall(Rules::readsTheWorld))
        .allowEmptyShould(true);
  }

  static ArchRule noPrinting(String root) {
    return below(
        root,
        satisfy(
            "neither print nor use java.util.logging",
            type ->
                Stream.concat(
                    type.getFieldAccessesFromSelf().stream()
                        .filter(a -> a.getTargetOwner().isEquivalentTo(System.class))
                        .filter(a -> Set.of("out", "err", "in").contains(a.getTarget().getName()))
                        .map(a -> a.getDescription()),
                    type.getDirectDependenciesFromSelf().stream()
                        .filter(d -> Module.isBelow("java.util.logging", d.getTargetClass()))
                        .map(d -> d.getDescription())
                        .filter(
                            text -> !text.contains(".getParentLogger()>"))))); // JDBC asks for it
  }

  static ArchRule noGenericExceptions(String root) {
    Set<String> generic =
        Set.of(
            "java.lang.Throwable",
            "java.lang.Exception",
            "java.lang.RuntimeException",
            "java.lang.Error");
    return below(
        root,
        satisfy(
            "make no exception that says nothing",
            type ->
                Stream.concat(
                    type.getConstructorCallsFromSelf().stream()
                        .filter(call -> generic.contains(call.getTargetOwner().getName()))
                        .filter(call -> !isSuperCall(call))
                        .map(JavaConstructorCall::getDescription),
                    type.getConstructorReferencesFromSelf().stream()
                        .filter(ref -> generic.contains(ref.getTargetOwner().getName()))
                        .map(ref -> ref.getDescription()))));
  }

  static ArchRule librariesStayHome(String root) {
    return below(
        root,
        dependOnNothingForbidden(
            (from, to) ->
                LIBRARIES.entrySet().stream()
                    .filter(library -> Module.isBelow(library.getKey(), to))
                    .anyMatch(library -> !library.getValue().holds(root, from))));
  }

  /** Public ones extend the root of our exceptions; nothing is open for extension but that root. */
  static ArchRule exceptionsAreOurs(String root) {
    String top = root + ".error.HonkerException";
    return below(
        root,
        satisfy(
            "be exceptions of ours",
            type -> {
              if (!type.isAssignableTo(Throwable.class)) {
                return Stream.empty();
              }
              boolean isTop = type.getName().equals(top);
              boolean isPublic = type.getModifiers().contains(PUBLIC);
              return problems(
                  problem(!type.getSimpleName().endsWith("Exception"), "not named ...Exception"),
                  problem(!type.isAssignableTo(RuntimeException.class), "checked"),
                  problem(isPublic && !type.isAssignableTo(top), "not a HonkerException"),
                  problem(!isTop && !type.getModifiers().contains(FINAL), "not final"),
                  problem(isTop && !type.getModifiers().contains(ABSTRACT), "not abstract"));
            }));
  }

  static ArchRule optionsAreImmutable(String root) {
    return below(
        root,
        satisfy(
            "be immutable if named ...Options",
            type ->
                !type.getSimpleName().endsWith("Options")
                    ? Stream.empty()
                    : problems(
                        problem(!type.getModifiers().contains(FINAL), "not final"),
                        problem(
                            type.getConstructors().stream()
                                .anyMatch(c -> c.getModifiers().contains(PUBLIC)),
                            "has a public constructor"),
                        problem(
                            type.getMethods().stream()
                                .anyMatch(m -> m.getName().matches("set[A-Z].*")),
                            "has a setter"),
                        problem(
                            type.getFields().stream()
                                .anyMatch(f -> !f.getModifiers().contains(FINAL)),
                            "has a field that is not final"),
                        problem(
                            type.getMethods().stream()
                                .filter(m -> m.getName().equals("builder"))
                                .noneMatch(
                                    m -> m.getModifiers().containsAll(Set.of(PUBLIC, STATIC))),
                            "has no builder()"))));
  }

  static ArchRule internalIsPackagePrivate(String root) {
    return below(
        root,
        satisfy(
            "be package-private if internal",
            type ->
                problems(
                    problem(
                        isInternal(root, type)
                            && type.isTopLevelClass()
                            && type.getModifiers().contains(PUBLIC)
                            && !isListed(INTERNAL_ENTRIES, root, type),
                        "public and not listed as an entry"))));
  }

  static ArchRule noOldConcurrency(String root) {
    Set<String> monitor = Set.of("wait", "notify", "notifyAll");
    return below(
        root,
        satisfy(
            "have no synchronized method, monitor call, finalizer, stack trace or mutable static",
            type ->
                Stream.of(
                        type.getMethods().stream()
                            .filter(m -> m.getModifiers().contains(SYNCHRONIZED))
                            .map(m -> m.getDescription() + " is synchronized"),
                        type.getMethods().stream()
                            .filter(m -> m.getName().equals("finalize"))
                            .filter(m -> m.getRawParameterTypes().isEmpty())
                            .map(m -> m.getDescription() + " is a finalizer"),
                        type.getFields().stream()
                            .filter(f -> f.getModifiers().contains(STATIC))
                            .filter(f -> !f.getModifiers().contains(FINAL))
                            .map(f -> f.getDescription() + " is static and not final"),
                        type.getMethodCallsFromSelf().stream()
                            .filter(
                                c ->
                                    c.getTarget().getName().equals("printStackTrace")
                                        || (monitor.contains(c.getTarget().getName())
                                            && c.getTargetOwner().isEquivalentTo(Object.class)))
                            .map(c -> c.getDescription()))
                    .flatMap(s -> s)));
  }

  /** Whoever runs the kit gets what it depends on. */
  static ArchRule kitNeedsLittle(String root) {
    List<String> allowed =
        List.of("java", "javax.sql", "org.jspecify", "org.junit.jupiter.api", "org.assertj");
    return classes()
        .that(Module.TCK.types(root))
        .should(
            dependOnNothingForbidden(
                (from, to) ->
                    !to.isPrimitive()
                        && !Module.isBelow(root, to)
                        && allowed.stream().noneMatch(name -> Module.isBelow(name, to))))
        .allowEmptyShould(true);
  }

  static ArchRule modulesPointDown(String root) {
    return below(
        root,
        dependOnNothingForbidden(
            (from, to) -> {
              if (!Module.isBelow(root, to)) {
                return false;
              }
              Module user = Module.of(root, from);
              Module used = Module.of(root, to);
              return user != used && !user.uses().contains(used);
            }));
  }

  /**
   * The ground knows no feature, features do not know each other, nothing knows the top, and every
   * package is on a list.
   */
  static ArchRule apiFloors(String root) {
    return classes()
        .that(Module.API.types(root))
        .should(
            dependOnNothingForbidden(
                (from, to) -> {
                  String user = packageBelow(root, from);
                  if (!user.isEmpty() && !FEATURES.contains(user) && !GROUND.contains(user)) {
                    return true;
                  }
                  if (!Module.API.holds(root, to)) {
                    return false;
                  }
                  String used = packageBelow(root, to);
                  if (user.equals(used)) {
                    return false;
                  }
                  boolean featureOnFeature =
                      FEATURES.contains(user)
                          && FEATURES.contains(used)
                          && !FEATURE_ON_FEATURE.contains(user + " -> " + used);
                  boolean groundOnFeature = GROUND.contains(user) && FEATURES.contains(used);
                  return used.isEmpty() || featureOnFeature || groundOnFeature;
                }))
        .allowEmptyShould(true);
  }

  /** Store ports and loops know no feature of the runtime, and nothing knows the runtime's top. */
  static ArchRule runtimeFloors(String root) {
    String runtime = Module.RUNTIME.packageBelow(root);
    return classes()
        .that(Module.RUNTIME.types(root))
        .should(
            dependOnNothingForbidden(
                (from, to) -> {
                  if (!Module.RUNTIME.holds(root, to)) {
                    return false;
                  }
                  String user = packageBelow(runtime, from);
                  String used = packageBelow(runtime, to);
                  if (user.equals(used)) {
                    return false;
                  }
                  return used.isEmpty()
                      || (RUNTIME_GROUND.contains(user) && !RUNTIME_GROUND.contains(used));
                }))
        .allowEmptyShould(true);
  }

  private static ArchRule below(String root, ArchCondition<JavaClass> condition) {
    return classes()
        .that(DescribedPredicate.describe("are below " + root, type -> Module.isBelow(root, type)))
        .should(condition)
        .allowEmptyShould(true);
  }

  private static boolean readsTheWorld(CodeUnitAccessTarget target) {
    String owner = target.getOwner().getName();
    String name = target.getName();
    boolean takesClock =
        target.getRawParameterTypes().stream().anyMatch(t -> t.getSimpleName().equals("Clock"));
    return switch (owner) {
      case "java.lang.System" -> Set.of("currentTimeMillis", "nanoTime").contains(name);
      case "java.lang.Thread", "java.util.concurrent.TimeUnit" -> name.equals("sleep");
      case "java.util.concurrent.locks.LockSupport" ->
          Set.of("parkNanos", "parkUntil").contains(name);
      case "java.lang.Math" -> name.equals("random");
      case "java.util.Random", "java.util.Date" ->
          name.equals("<init>") && target.getRawParameterTypes().isEmpty();
      case "java.time.Clock" -> name.startsWith("system") || name.startsWith("tick");
      default -> owner.startsWith("java.time.") && name.equals("now") && !takesClock;
    };
  }

  private static boolean isSuperCall(JavaConstructorCall call) {
    return call.getOrigin().isConstructor()
        && call.getOriginOwner()
            .getRawSuperclass()
            .filter(superclass -> superclass.equals(call.getTargetOwner()))
            .isPresent();
  }

  private static boolean isListed(Map<String, String> list, String root, JavaClass type) {
    return list.containsKey(topLevel(type).substring(root.length() + 1));
  }

  private static boolean isInternal(String root, JavaClass type) {
    return Module.isBelow(root, type) && (type.getPackageName() + ".").contains(".internal.");
  }

  private static String ownerOfInternal(JavaClass type) {
    String name = type.getPackageName() + ".";
    return name.substring(0, name.indexOf(".internal."));
  }

  private static boolean isShown(Set<JavaModifier> modifiers) {
    return modifiers.contains(PUBLIC) || modifiers.contains(PROTECTED);
  }

  private static Stream<JavaClass> typesIn(JavaCodeUnit unit) {
    Stream<JavaType> mentioned =
        Stream.of(
                List.of(unit.getReturnType()),
                unit.getParameterTypes(),
                unit.getExceptionTypes(),
                unit.getTypeParameters())
            .flatMap(List::stream);
    return mentioned.flatMap(type -> type.getAllInvolvedRawTypes().stream());
  }

  /** The first part of the package's name below the root; empty for the root itself. */
  private static String packageBelow(String root, JavaClass type) {
    String name = type.getPackageName();
    return name.equals(root) ? "" : name.substring(root.length() + 1).replaceAll("\\..*", "");
  }

  private static String topLevel(JavaClass type) {
    JavaClass outermost = type.getBaseComponentType();
    while (outermost.getEnclosingClass().isPresent()) {
      outermost = outermost.getEnclosingClass().get();
    }
    return outermost.getName();
  }

  private static Stream<String> problem(boolean exists, String text) {
    return exists ? Stream.of(text) : Stream.empty();
  }

  @SafeVarargs
  @SuppressWarnings("varargs")
  private static Stream<String> problems(Stream<String>... problems) {
    return Arrays.stream(problems).flatMap(s -> s);
  }
}
