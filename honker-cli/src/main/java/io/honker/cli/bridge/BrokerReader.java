package io.honker.cli.bridge;

import io.honker.cli.bridge.JsonNode.Member;
import io.honker.error.HonkerConfigurationException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads brokers. Secrets come from environment variables or files, never from the configuration.
 */
final class BrokerReader {

  private static final String ELSEWHERE =
      "{\"env\": \"NAME\"} for an environment variable, or {\"file\": \"path\"} for a file's content";

  private static final List<String> SCHEMES = List.of("redis://", "rediss://", "nats://", "tls://");

  private static final String EXAMPLES = "such as \"redis://host:6379\" or \"nats://host:4222\"";

  private static final Set<String> SECRETS = Set.of("password", "token");
  private static final Pattern USER_INFO = Pattern.compile("[^/]*//[^/]*@.*", Pattern.DOTALL);

  private final Path folder;
  private final UnaryOperator<@Nullable String> environment;
  private final List<Problem> problems;

  BrokerReader(Path folder, UnaryOperator<@Nullable String> environment, List<Problem> problems) {
    this.folder = folder;
    this.environment = environment;
    this.problems = problems;
  }

  /** All entries but the URI and the timeout are options of the transport. */
  Optional<BrokerConfig> read(String name, JsonNode node) {
    int before = problems.size();
    Entries entries = new Entries(node, problems);
    Optional<String> uri = entries.require("uri", EXAMPLES).flatMap(this::uri);
    Optional<Duration> timeout = entries.duration("timeout");
    Set<String> unknown = new HashSet<>();
    Map<String, String> options = options(entries, unknown);
    if (uri.isEmpty()) {
      return Optional.empty();
    }
    BrokerConfig broker = new BrokerConfig(name, uri.get(), timeout.orElse(null), options);
    check(node, broker, unknown);
    return problems.size() > before ? Optional.empty() : Optional.of(broker);
  }

  private Optional<String> uri(JsonNode node) {
    if (node.value() instanceof String text && USER_INFO.matcher(text).matches()) {
      problem(
          node,
          "must hold no user and password here; set the entries user and password (or token)"
              + " beside it, or write the whole URI as "
              + ELSEWHERE);
      return Optional.empty();
    }
    Optional<String> uri = text(node);
    if (uri.isPresent() && SCHEMES.stream().noneMatch(uri.get()::startsWith)) {
      problem(node, "must begin with " + String.join(", ", SCHEMES) + ", " + EXAMPLES);
      return Optional.empty();
    }
    return uri;
  }

  private Map<String, String> options(Entries entries, Set<String> unknown) {
    Map<String, String> options = new LinkedHashMap<>();
    for (Member member : entries.members()) {
      String name = member.name();
      if (!name.equals("uri") && !name.equals("timeout")) {
        option(name, member.node())
            .ifPresentOrElse(
                value -> options.put(name, value),
                () -> {
                  unknown.add(name);
                  options.put(name, "unknown");
                });
      }
    }
    return options;
  }

  private Optional<String> option(String name, JsonNode node) {
    if (node.value() instanceof String && SECRETS.contains(name.toLowerCase(Locale.ROOT))) {
      problem(node, "must not stand in the file; write " + ELSEWHERE);
      return Optional.empty();
    }
    Optional<String> text = text(node);
    return name.endsWith("File") ? text.flatMap(path -> resolved(node, path)) : text;
  }

  private Optional<String> resolved(JsonNode node, String path) {
    try {
      return Optional.of(folder.resolve(path).toString());
    } catch (InvalidPathException e) {
      problem(node, "is no path");
      return Optional.empty();
    }
  }

  /** A text or number as it stands there, or what it refers to. */
  private Optional<String> text(JsonNode node) {
    if (node.isObject()) {
      return reference(node);
    }
    if (node.value() instanceof String text && text.isBlank()) {
      problem(node, "must not be blank");
      return Optional.empty();
    }
    if (node.value() == null) {
      problem(node, "must be a text in \"quotes\" or " + ELSEWHERE + ", not " + node.kind());
      return Optional.empty();
    }
    return Optional.of(node.value().toString());
  }

  private Optional<String> reference(JsonNode node) {
    int before = problems.size();
    Entries entries = new Entries(node, problems);
    Optional<JsonNode> variable = entries.find("env");
    Optional<JsonNode> file = entries.find("file");
    entries.refuseOthers();
    if (problems.size() == before && variable.isPresent() == file.isPresent()) {
      problem(node, "must be " + ELSEWHERE);
    }
    if (problems.size() > before) {
      return Optional.empty();
    }
    return variable.isPresent()
        ? entries.text(variable.get()).flatMap(name -> variable(variable.get(), name))
        : file.flatMap(entries::text).flatMap(path -> content(node, path));
  }

  private Optional<String> variable(JsonNode node, String name) {
    String value = environment.apply(name);
    if (value == null || value.isEmpty()) {
      problem(node, "the environment variable " + name + " is not set; set it before you start");
      return Optional.empty();
    }
    return Optional.of(value);
  }

  /** Editors end the last line, which is no part of a secret. */
  private Optional<String> content(JsonNode node, String path) {
    try {
      String text = Files.readString(folder.resolve(path), StandardCharsets.UTF_8);
      String secret = text.replaceFirst("\\R\\z", "");
      if (secret.isEmpty()) {
        problem(node, "the file " + path + " is empty");
        return Optional.empty();
      }
      return Optional.of(secret);
    } catch (IOException | InvalidPathException e) {
      problem(
          node,
          "the file " + path + " cannot be read as text (" + e.getClass().getSimpleName() + ")");
      return Optional.empty();
    }
  }

  /** What only the transport knows; of options whose values are not known, their names. */
  private void check(JsonNode node, BrokerConfig broker, Set<String> unknown) {
    try {
      broker.transport().check();
    } catch (HonkerConfigurationException e) {
      e.problems().stream()
          .filter(
              text ->
                  text.startsWith("unknown option ") || unknown.stream().noneMatch(text::contains))
          .forEach(text -> problem(node, text));
    }
  }

  private void problem(JsonNode node, String text) {
    problems.add(new Problem(node.place(), text));
  }
}
