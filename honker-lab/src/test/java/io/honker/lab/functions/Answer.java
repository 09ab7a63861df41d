package io.honker.lab.functions;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a statement answered, in a form in which two answers can be compared: JSON in texts is
 * parsed, and numbers that JavaScript cannot hold are rounded as it does.
 *
 * @param failed whether this is an error
 * @param text the error's text, or all rows
 */
record Answer(boolean failed, String text) {

  /** Advice that honker gives behind an error, and we do not. */
  private static final String ADVICE =
      " Whole values bind fine even when the client sends them as REAL, which better-sqlite3 does"
          + " for every JavaScript number.";

  private static final long EXACT_IN_JAVASCRIPT = 1L << 53;
  private static final JsonMapper JSON = JsonMapper.builder().build();

  static Answer error(String text) {
    return new Answer(true, text.replace(ADVICE, ""));
  }

  static Answer rows(JsonNode rows) {
    return new Answer(false, normal(rows));
  }

  private static String normal(JsonNode node) {
    if (node.isObject()) {
      TreeMap<String, String> sorted = new TreeMap<>();
      node.properties().forEach(entry -> sorted.put(entry.getKey(), normal(entry.getValue())));
      return sorted.toString();
    }
    if (node.isArray()) {
      List<String> elements = new ArrayList<>();
      node.forEach(element -> elements.add(normal(element)));
      if (node.size() > 0 && node.get(0).has("claim_expires_at")) {
        elements.sort(Comparator.naturalOrder()); // claims come in any order
      }
      return elements.toString();
    }
    if (node.isNumber()) {
      return number(node);
    }
    return node.isString() ? text(node.asString()) : node.toString();
  }

  private static String number(JsonNode node) {
    boolean exact = node.isIntegralNumber() && Math.abs(node.asDouble()) < EXACT_IN_JAVASCRIPT;
    return exact ? Long.toString(node.asLong()) : Double.toString(node.asDouble());
  }

  private static String text(String value) {
    if (value.startsWith("[") || value.startsWith("{")) {
      try {
        return "json " + normal(JSON.readTree(value));
      } catch (RuntimeException e) {
        return "text " + value;
      }
    }
    return "text " + value;
  }

  @Override
  public String toString() {
    return failed ? "error: " + text : text;
  }
}
