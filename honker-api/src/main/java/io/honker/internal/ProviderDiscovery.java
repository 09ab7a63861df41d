package io.honker.internal;

import io.honker.error.HonkerConfigurationException;
import io.honker.spi.LocatedProvider;
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
 * was looked for, what was found, what was broken, and which artifact to add. For this module only.
 *
 * <p>Confined to one thread.
 *
 * @param <P> the kind of provider
 * @since 0.1.0
 */
public final class ProviderDiscovery<P extends LocatedProvider> {

  private static final System.Logger LOG = System.getLogger("io.honker");

  private static final Pattern SCHEME = Pattern.compile("(jdbc:)?[A-Za-z][A-Za-z0-9+.-]+:");
  private static final int MOST_BROKEN = 100;

  private final Class<P> type;
  private final String location;
  private final @Nullable String wantedName;
  private final String suggestedArtifact;
  private final List<Throwable> broken = new ArrayList<>();

  /**
   * Prepares a search.
   *
   * @param type the kind of provider
   * @param location what it is to open
   * @param wantedName the provider's name, whatever the location; null to ask each whether it takes
   *     the location
   * @param suggestedArtifact what to add if there is none
   */
  public ProviderDiscovery(
      Class<P> type, String location, @Nullable String wantedName, String suggestedArtifact) {
    this.type = type;
    this.suggestedArtifact = suggestedArtifact;
    this.location = location;
    this.wantedName = wantedName;
  }

  /**
   * Searches with the thread's context class loader.
   *
   * @return the one provider
   * @throws HonkerConfigurationException if there is none, more than one, or one of another version
   */
  public P find() {
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
    LOG.log(
        System.Logger.Level.DEBUG,
        "opening {0} with {1}",
        HiddenCredentials.in(location),
        describe(chosen));
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
        wantedName != null
            ? "named \"" + wantedName + "\""
            : "takes \"" + HiddenCredentials.in(location) + "\"");
    text.append(" (scheme ").append(scheme()).append("); looked with class loader ");
    text.append(classLoader()).append("; installed: ");
    text.append(installed.isEmpty() ? "none" : describeAll(installed));
    if (!broken.isEmpty()) {
      text.append("; broken: ").append(broken);
    }
    // Where something is installed, a mistyped location is as likely as a missing artifact.
    text.append(installed.isEmpty() || wantedName != null ? "; " : "; correct that, or ");
    text.append("add the artifact io.honker:").append(suggestedArtifact);
    return problem(text.toString());
  }

  private HonkerConfigurationException severalFit(List<P> fitting) {
    return problem(
        "several providers take \""
            + HiddenCredentials.in(location)
            + "\": "
            + describeAll(fitting)
            + "; remove all but one, or name one with the builder's provider(name)");
  }

  private HonkerConfigurationException problem(String text) {
    return new HonkerConfigurationException(List.of(text), broken.isEmpty() ? null : broken.get(0));
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
