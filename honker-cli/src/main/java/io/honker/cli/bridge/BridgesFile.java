package io.honker.cli.bridge;

import io.honker.cli.bridge.JsonNode.Member;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A configuration of bridges: JSON, in which comments and trailing commas are allowed. All problems
 * are found at once. Paths in it are relative to its folder.
 */
public final class BridgesFile {

  private final Path folder;
  private final UnaryOperator<@Nullable String> environment;
  private final List<Problem> problems = new ArrayList<>();

  private BridgesFile(Path folder, UnaryOperator<@Nullable String> environment) {
    this.folder = folder;
    this.environment = environment;
  }

  /**
   * What came of reading.
   *
   * @param config null if there are problems
   * @param problems all of them
   */
  public record Reading(@Nullable BridgesConfig config, List<Problem> problems) {}

  /**
   * Reads a file, and nothing but files and environment variables that it refers to.
   *
   * @param file the file
   * @param environment environment variables by name, null for those that are not set
   * @throws IOException if the file itself cannot be read
   */
  public static Reading read(Path file, UnaryOperator<@Nullable String> environment)
      throws IOException, SQLException {
    Path folder = file.toAbsolutePath().getParent();
    if (folder == null) {
      throw new IOException(file + " is a folder");
    }
    String text = Files.readString(file, StandardCharsets.UTF_8);
    return new BridgesFile(folder, environment).parse(text);
  }

  private Reading parse(String text) throws SQLException {
    Optional<String> syntax = JsonTree.problem(text);
    if (syntax.isPresent()) {
      return new Reading(null, List.of(new Problem("", syntax.get())));
    }
    Entries entries = new Entries(JsonTree.read(text), problems);
    Optional<Path> database = database(entries);
    Optional<JsonNode> brokers =
        entries.require("brokers", "write \"brokers\": {\"main\": {\"uri\": \"redis://host\"}}");
    Optional<JsonNode> bridges =
        entries.require(
            "bridges", "write \"bridges\": [{\"kind\": \"outbound\", \"topic\": \"orders\"}]");
    Set<String> names = new LinkedHashSet<>();
    List<BrokerConfig> readBrokers =
        brokers.map(node -> brokers(node, names)).orElseGet(ArrayList::new);
    List<BridgeConfig> readBridges =
        bridges.map(node -> bridges(node, names)).orElseGet(ArrayList::new);
    entries.refuseOthers();
    if (!problems.isEmpty() || database.isEmpty()) {
      return new Reading(null, List.copyOf(problems));
    }
    return new Reading(config(database.get(), readBrokers, readBridges), List.of());
  }

  private static BridgesConfig config(
      Path database, List<BrokerConfig> brokers, List<BridgeConfig> bridges) {
    Set<String> used = new HashSet<>();
    bridges.forEach(bridge -> used.add(bridge.broker()));
    return new BridgesConfig(
        database,
        brokers.stream().filter(broker -> used.contains(broker.name())).toList(),
        bridges);
  }

  private Optional<Path> database(Entries entries) {
    Optional<JsonNode> node = entries.require("database", "name the database's file");
    Optional<String> text = node.flatMap(entries::text);
    if (node.isEmpty() || text.isEmpty()) {
      return Optional.empty();
    }
    try {
      Path file = folder.resolve(text.get());
      if (Files.isRegularFile(file)) {
        return Optional.of(file);
      }
      entries.problem(
          node.get(),
          Files.exists(file)
              ? file + " is no file"
              : "there is no file "
                  + file
                  + "; the application makes it, or honker sql --create FILE \"SELECT"
                  + " honker_bootstrap()\"");
    } catch (InvalidPathException e) {
      entries.problem(node.get(), "is no path");
    }
    return Optional.empty();
  }

  private List<BrokerConfig> brokers(JsonNode node, Set<String> names) {
    Entries entries = new Entries(node, problems);
    if (node.isObject() && node.members().isEmpty()) {
      entries.problem("must have a broker, such as \"main\": {\"uri\": \"redis://host\"}");
    }
    BrokerReader reader = new BrokerReader(folder, environment, problems);
    List<BrokerConfig> brokers = new ArrayList<>();
    for (Member member : entries.members()) {
      names.add(member.name());
      reader.read(member.name(), member.node()).ifPresent(brokers::add);
    }
    return brokers;
  }

  private List<BridgeConfig> bridges(JsonNode node, Set<String> brokers) {
    if (!node.isArray() || node.members().isEmpty()) {
      problems.add(
          new Problem(
              node.place(),
              "must be a list of at least one bridge: [{\"kind\": \"outbound\", ...}, ...]"));
    }
    BridgeReader reader = new BridgeReader(brokers, problems);
    List<BridgeConfig> bridges = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (Member member : node.members()) {
      Optional<BridgeConfig> bridge = reader.read(member.node());
      bridge.ifPresent(bridges::add);
      if (bridge.isPresent() && !names.add(bridge.get().name())) {
        problems.add(
            new Problem(
                member.node().place(),
                "has the name \""
                    + bridge.get().name()
                    + "\" that another one has; give it a \"name\""));
      }
    }
    return bridges;
  }
}
