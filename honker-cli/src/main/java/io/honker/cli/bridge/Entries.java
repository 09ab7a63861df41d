package io.honker.cli.bridge;

import io.honker.cli.bridge.JsonNode.Member;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Reads the entries of one object and collects what is wrong with them, names that nobody asked for
 * included. Problems never say what a value is: it may be a secret.
 */
final class Entries {

  private final JsonNode object;
  private final List<Problem> problems;
  private final Set<String> known = new LinkedHashSet<>();

  /** A node that is no object is a problem, and has no entries. */
  Entries(JsonNode object, List<Problem> problems) {
    this.object = object;
    this.problems = problems;
    if (!object.isObject()) {
      problem(object, "must be an object { ... }, not " + object.kind());
    }
    reportTwins();
  }

  private void reportTwins() {
    Set<String> seen = new TreeSet<>();
    for (Member member : members()) {
      if (!seen.add(member.name())) {
        problem(member.node(), "stands there twice; remove one");
      }
    }
  }

  /** The entries in the file's order. */
  List<Member> members() {
    return object.isObject() ? object.members() : List.of();
  }

  Optional<JsonNode> find(String name) {
    known.add(name);
    return members().stream()
        .filter(member -> member.name().equals(name))
        .map(Member::node)
        .findFirst();
  }

  /** An entry that must be there; empty after noting that it is not. */
  Optional<JsonNode> require(String name, String remedy) {
    Optional<JsonNode> found = find(name);
    if (found.isEmpty() && object.isObject()) {
      problems.add(new Problem(object.placeOf(name), "is missing; " + remedy));
    }
    return found;
  }

  /** A text that is not blank; empty if it is not there or no such text. */
  Optional<String> text(String name) {
    return find(name).flatMap(this::text);
  }

  Optional<String> requireText(String name, String remedy) {
    return require(name, remedy).flatMap(this::text);
  }

  Optional<String> text(JsonNode node) {
    if (node.value() instanceof String text && !text.isBlank()) {
      return Optional.of(text);
    }
    problem(
        node,
        "must be a text in \"quotes\", not "
            + (node.value() instanceof String ? "a blank one" : node.kind()));
    return Optional.empty();
  }

  /** A list of texts; empty if it is not there. */
  List<String> texts(String name) {
    List<String> texts = new ArrayList<>();
    find(name)
        .ifPresent(
            node -> {
              if (!node.isArray() || node.members().isEmpty()) {
                problem(node, "must be a list of texts, at least one: [\"...\", \"...\"]");
              }
              node.members().forEach(each -> text(each.node()).ifPresent(texts::add));
            });
    return texts;
  }

  Optional<Integer> number(String name, int least, int most) {
    Optional<JsonNode> node = find(name);
    if (node.isEmpty()) {
      return Optional.empty();
    }
    if (node.get().value() instanceof Number number
        && node.get().type().equals("integer")
        && number.longValue() >= least
        && number.longValue() <= most) {
      return Optional.of(number.intValue());
    }
    problem(node.get(), "must be a whole number from " + least + " to " + most);
    return Optional.empty();
  }

  boolean flag(String name) {
    Optional<JsonNode> node = find(name);
    if (node.isPresent() && !node.get().isTrueOrFalse()) {
      problem(node.get(), "must be true or false, not " + node.get().kind());
    }
    return node.isPresent() && node.get().type().equals("true");
  }

  Optional<Duration> duration(String name) {
    Optional<JsonNode> node = find(name);
    if (node.isPresent() && node.get().value() instanceof String text) {
      try {
        Duration duration = Duration.parse(text);
        if (duration.toMillis() >= 1) {
          return Optional.of(duration);
        }
      } catch (DateTimeParseException | ArithmeticException e) {
        // told below
      }
    }
    node.ifPresent(
        n -> problem(n, "must be a duration of at least a millisecond, such as \"PT10S\""));
    return Optional.empty();
  }

  void problem(JsonNode node, String text) {
    problems.add(new Problem(node.place(), text));
  }

  /** A problem of the object as a whole. */
  void problem(String text) {
    problem(object, text);
  }

  /** Ends reading: what was not asked for is unknown. */
  void refuseOthers() {
    for (Member member : members()) {
      if (!known.contains(member.name())) {
        problem(member.node(), "is unknown here; known are " + String.join(", ", known));
      }
    }
  }
}
