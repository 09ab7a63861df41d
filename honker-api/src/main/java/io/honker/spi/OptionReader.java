package io.honker.spi;

import io.honker.error.HonkerConfigurationException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import javax.net.ssl.TrustManagerFactory;

/**
 * Reads a provider's options and collects what is wrong with them, names that nobody asked for
 * included. Problems name options, never their values: those may be secrets.
 *
 * <p>Confined to one thread.
 *
 * @since 0.1.0
 */
public final class OptionReader {

  /** So that nanoseconds can be counted. */
  private static final Duration LONGEST = Duration.ofDays(36_500);

  private final Map<String, String> options;
  private final TreeSet<String> known = new TreeSet<>();
  private final List<String> problems = new ArrayList<>();

  /**
   * Prepares reading.
   *
   * @param options options by name
   */
  public OptionReader(Map<String, String> options) {
    this.options = Map.copyOf(options);
  }

  /**
   * Reads a text.
   *
   * @param name the option's name
   * @return its value, empty if it is not given
   */
  public Optional<String> text(String name) {
    known.add(name);
    return Optional.ofNullable(options.get(name));
  }

  /**
   * Reads a duration, ISO-8601 such as {@code PT30S}, of 100 years at most.
   *
   * @param name the option's name
   * @param least the shortest allowed
   * @return its value, empty if it is not given or wrong
   */
  public Optional<Duration> duration(String name, Duration least) {
    Optional<String> text = text(name);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    try {
      Duration value = Duration.parse(text.get());
      if (value.compareTo(least) >= 0 && value.compareTo(LONGEST) <= 0) {
        return Optional.of(value);
      }
      boolean tooShort = value.compareTo(least) < 0;
      problem(
          "option " + name + " must be at " + (tooShort ? "least " + least : "most " + LONGEST));
    } catch (DateTimeParseException e) {
      problem("option " + name + " must be a duration such as PT30S or P30D");
    }
    return Optional.empty();
  }

  /**
   * Reads a whole number.
   *
   * @param name the option's name
   * @param least the smallest allowed
   * @return its value, empty if it is not given or wrong
   */
  public Optional<Integer> number(String name, int least) {
    Optional<String> text = text(name);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    try {
      int value = Integer.parseInt(text.get());
      if (value >= least) {
        return Optional.of(value);
      }
    } catch (NumberFormatException e) {
      // told below
    }
    problem("option " + name + " must be a whole number of at least " + least);
    return Optional.empty();
  }

  /**
   * Reads the path of a file.
   *
   * @param name the option's name
   * @return the path, empty if it is not given or the file cannot be read
   */
  public Optional<Path> file(String name) {
    Optional<String> text = text(name);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    try {
      Path path = Path.of(text.get());
      if (Files.isReadable(path) && Files.isRegularFile(path)) {
        return Optional.of(path);
      }
    } catch (InvalidPathException e) {
      // told below
    }
    problem("option " + name + " must name a file that can be read");
    return Optional.empty();
  }

  /**
   * Reads a PEM file of certificates to trust in place of the platform's.
   *
   * @param name the option's name
   * @return what trusts them, empty if it is not given or the file holds none
   */
  public Optional<TrustManagerFactory> trust(String name) {
    Optional<Path> file = file(name);
    if (file.isEmpty()) {
      return Optional.empty();
    }
    try (InputStream pem = Files.newInputStream(file.get())) {
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      for (Certificate each : CertificateFactory.getInstance("X.509").generateCertificates(pem)) {
        store.setCertificateEntry("certificate-" + store.size(), each);
      }
      if (store.size() > 0) {
        TrustManagerFactory trust =
            TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        return Optional.of(trust);
      }
    } catch (IOException | GeneralSecurityException e) {
      // told below
    }
    problem("option " + name + " must name a PEM file with certificates");
    return Optional.empty();
  }

  /**
   * Notes a problem.
   *
   * @param text a sentence without secrets
   */
  public void problem(String text) {
    problems.add(text);
  }

  /**
   * Ends reading.
   *
   * @throws HonkerConfigurationException if there were problems, or options that nobody asked for
   */
  public void throwIfAny() {
    List<String> all = new ArrayList<>(problems);
    for (String name : new TreeSet<>(options.keySet())) {
      if (!known.contains(name)) {
        all.add("unknown option " + name + "; known are " + String.join(", ", known));
      }
    }
    if (!all.isEmpty()) {
      throw new HonkerConfigurationException(all, null);
    }
  }
}
