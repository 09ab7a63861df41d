package io.honker.cli.bridge;

import io.honker.cli.bridge.JsonNode.Member;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads JSON as SQLite does: comments and trailing commas are allowed, and an object may have a
 * name twice, which the reader can tell then.
 */
final class JsonTree {

  private static final String NODES = "SELECT id, parent, key, type, atom FROM json_tree(?)";

  private JsonTree() {}

  /** Where a text stops being JSON, for people; empty if it is JSON. */
  static Optional<String> problem(String text) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite::memory:");
        PreparedStatement select = connection.prepareStatement("SELECT json_error_position(?)")) {
      select.setString(1, text);
      try (ResultSet row = select.executeQuery()) {
        int position = row.next() ? row.getInt(1) : 0;
        return position == 0 ? Optional.empty() : Optional.of(describe(text, position));
      }
    }
  }

  /** SQLite counts characters, Java their halves. */
  private static String describe(String text, int position) {
    int end = Math.min(position - 1, text.codePointCount(0, text.length()));
    String before = text.substring(0, text.offsetByCodePoints(0, end));
    if (text.substring(before.length()).isBlank()) {
      return "the document ends too early; a } or ] or \" is missing";
    }
    long line = before.chars().filter(c -> c == '\n').count() + 1;
    int column = end - before.codePointCount(0, before.lastIndexOf('\n') + 1) + 1;
    return "no JSON from line " + line + ", column " + column + " on";
  }

  /** The nodes of a text that is JSON; the root comes back. */
  static JsonNode read(String text) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite::memory:");
        PreparedStatement select = connection.prepareStatement(NODES)) {
      select.setString(1, text);
      try (ResultSet rows = select.executeQuery()) {
        rows.next();
        JsonNode root = node(rows, "");
        Map<Long, JsonNode> nodes = new HashMap<>();
        nodes.put(rows.getLong("id"), root);
        while (rows.next()) {
          JsonNode parent = nodes.get(rows.getLong("parent"));
          if (parent == null) {
            throw new IllegalStateException("a node before its parent");
          }
          String name = rows.getString("key");
          JsonNode child = node(rows, parent.placeOf(name));
          parent.members().add(new Member(name, child));
          nodes.put(rows.getLong("id"), child);
        }
        return root;
      }
    }
  }

  private static JsonNode node(ResultSet row, String place) throws SQLException {
    String type = row.getString("type");
    boolean plain = List.of("text", "integer", "real").contains(type);
    return new JsonNode(place, type, plain ? row.getObject("atom") : null, new ArrayList<>());
  }
}
