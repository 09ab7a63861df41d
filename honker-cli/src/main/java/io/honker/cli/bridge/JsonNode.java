package io.honker.cli.bridge;

import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A value of a JSON document that knows its place in it.
 *
 * @param place such as {@code bridges[1].topic}; empty for the whole document
 * @param type SQLite's word for it
 * @param value a text or number; null for all other types
 * @param members what an object or array holds, in the document's order
 */
record JsonNode(String place, String type, @Nullable Object value, List<Member> members) {

  private static final Pattern PLAIN = Pattern.compile("[\\w-]+");

  /**
   * One entry of an object or array.
   *
   * @param name its name, which an object may have twice; an array's index
   */
  record Member(String name, JsonNode node) {}

  boolean isObject() {
    return type.equals("object");
  }

  boolean isArray() {
    return type.equals("array");
  }

  boolean isTrueOrFalse() {
    return type.equals("true") || type.equals("false");
  }

  /** Where a member of this one is. */
  String placeOf(String name) {
    if (isArray()) {
      return place + "[" + name + "]";
    }
    String shown = PLAIN.matcher(name).matches() ? name : "\"" + name + "\"";
    return place.isEmpty() ? shown : place + "." + shown;
  }

  /** What it is, for messages, without what it says: that may be a secret. */
  String kind() {
    return switch (type) {
      case "object" -> "an object";
      case "array" -> "a list";
      case "text" -> "a text";
      case "integer", "real" -> "a number";
      default -> type;
    };
  }
}
