package io.honker.lab.arch;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import java.util.Arrays;
import java.util.List;

/** The modules of the project, told apart by package; what belongs to no other one is the api's. */
enum Module {
  RUNTIME("runtime"),
  SQLITE("sqlite"),
  ORM("orm"),
  REDIS("transport.redis"),
  NATS("transport.nats"),
  CLI("cli"),
  TCK("tck"),
  API("");

  private final String home;

  Module(String home) {
    this.home = home;
  }

  /** The modules that this one may use. */
  List<Module> uses() {
    return switch (this) {
      case API -> List.of();
      case RUNTIME, ORM, REDIS, NATS, TCK -> List.of(API);
      case SQLITE -> List.of(API, RUNTIME);
      case CLI -> List.of(API, SQLITE);
    };
  }

  /** The module's top package, below the given root. */
  String packageBelow(String root) {
    return home.isEmpty() ? root : root + "." + home;
  }

  boolean holds(String root, JavaClass type) {
    return isBelow(root, type) && of(root, type) == this;
  }

  /** The module that a type below the root belongs to. */
  static Module of(String root, JavaClass type) {
    return Arrays.stream(values())
        .filter(module -> isBelow(module.packageBelow(root), type))
        .findFirst()
        .orElseThrow();
  }

  static boolean isBelow(String packageName, JavaClass type) {
    return (type.getPackageName() + ".").startsWith(packageName + ".");
  }

  DescribedPredicate<JavaClass> types(String root) {
    return DescribedPredicate.describe(
        "types of " + this, type -> isBelow(root, type) && of(root, type) == this);
  }
}
