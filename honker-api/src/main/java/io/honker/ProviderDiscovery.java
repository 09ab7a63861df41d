package io.honker;

import io.honker.error.HonkerConfigurationException;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds the one provider for a location. Never guesses: none and several are errors that list what
 * was looked for, what was found, what was broken, and which artifact to add.
 */
final class ProviderDiscovery<P extends LocatedProvider> {

  private static final System.Logger LOG = System.getLogger("io.honker");

  private static final Pattern SCHEME = Pattern.compile("(jdbc:)?[A-Za-z][A-Za-z0-9+.-]+:");
  private static final int MOST_BROKEN = 100;

  private final Class<P> type;
  private final String location;
  private final @Nullable String wantedName;
  private final String suggestedArtifact;
  private final List<Throwable> broken = new ArrayList<>();

  ProviderDiscovery(
      Class<P> type, String location, @Nullable String wantedName, String suggestedArtifact) {
    this.type = type;
    this.suggestedArtifact = suggestedArtifact;
    this.location = location;
    this.wantedName = wantedName;
  }

  P find() {
    List<P> installed = load();
    List<P> fitting = installed.stream().filter(this::fits).toList();
    if (fitting.size() != 1) {
      throw fitting.isEmpty() ? noneFits(installed) : severalFit(fitting);
    }
    P chosen = fitting.get(0);
    if (chosen.spiVersion() != LocatedProvider.SPI_VERSION) {
      throw problem(
          describe(chosen)
              + " was written for provider interface "
              + chosen.spiVersion()
              + ", this honker-api has "
              + LocatedProvider.SPI_VERSION
              + "; use the same version of both (honker-bom keeps them together)");
    }
    LOG.log(System.Logger.Level.DEBUG, "opening {0} with {1}", safe(location), describe(chosen));
    return chosen;
  }

  private boolean fits(P provider) {
    return wantedName != null ? provider.name().equals(wantedName) : provider.accepts(location);
  }

  private List<P> load() {
    List<P> found = new ArrayList<>();
    Iterator<P> providers = ServiceLoader.load(type, classLoader()).iterator();
    boolean more = true;
    while (more && broken.size() < MOST_BROKEN) { // a scan that fails as such would do so for ever
      try {
        more = providers.hasNext();
        if (more) {
          found.add(providers.next());
        }
      } catch (ServiceConfigurationError | LinkageError e) {
        broken.add(e);
      }
    }
    return found;
  }

  private static ClassLoader classLoader() {
    ClassLoader context = Thread.currentThread().getContextClassLoader();
    return context != null ? context : LocatedProvider.class.getClassLoader();
  }

  private HonkerConfigurationException noneFits(List<P> installed) {
    StringBuilder text = new StringBuilder("no provider ");
    text.append(
        wantedName != null ? "named \"" + wantedName + "\"" : "takes \"" + safe(location) + "\"");
    text.append(" (scheme ").append(scheme()).append("); looked with class loader ");
    text.append(classLoader()).append("; installed: ");
    text.append(installed.isEmpty() ? "none" : describeAll(installed));
    if (!broken.isEmpty()) {
      text.append("; broken: ").append(broken);
    }
    text.append("; add the artifact io.honker:").append(suggestedArtifact);
    return problem(text.toString());
  }

  private HonkerConfigurationException severalFit(List<P> fitting) {
    return problem(
        "several providers take \""
            + safe(location)
            + "\": "
            + describeAll(fitting)
            + "; remove all but one, or name one with Honker.builder(..).provider(name)");
  }

  private HonkerConfigurationException problem(String text) {
    return new HonkerConfigurationException(List.of(text), broken.isEmpty() ? null : broken.get(0));
  }

  /** The location without what may be a secret: user and password, and all parameters. */
  private static String safe(String location) {
    return location.replaceAll("//[^/@]*@", "//***@").replaceAll("[?;].*", "?***");
  }

  private String scheme() {
    Matcher scheme = SCHEME.matcher(location);
    return scheme.lookingAt() ? scheme.group() : "none, a path";
  }

  private static String describeAll(List<? extends LocatedProvider> providers) {
    return String.join(", ", providers.stream().map(ProviderDiscovery::describe).toList());
  }

  private static String describe(LocatedProvider provider) {
    Class<?> type = provider.getClass();
    String version =
        Optional.ofNullable(type.getPackage().getImplementationVersion()).orElse("unknown version");
    String place =
        Optional.ofNullable(type.getProtectionDomain().getCodeSource())
            .map(CodeSource::getLocation)
            .map(Object::toString)
            .orElse("unknown place");
    return provider.name() + " (" + type.getName() + ", " + version + ", " + place + ")";
  }
}
