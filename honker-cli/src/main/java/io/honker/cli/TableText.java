package io.honker.cli;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Results as a table for people: numbers to the right, the rest to the left. */
final class TableText {

  private final Rows rows;
  private final String nothing;
  private final List<List<String>> cells = new ArrayList<>();
  private final int[] widths;

  private TableText(Rows rows, String nothing) {
    this.rows = rows;
    this.nothing = nothing;
    this.widths = rows.columns().stream().mapToInt(String::length).toArray();
    for (List<@Nullable Object> row : rows.values()) {
      List<String> line = new ArrayList<>();
      for (int i = 0; i < row.size(); i++) {
        String cell = cell(row.get(i));
        widths[i] = Math.max(widths[i], cell.length());
        line.add(cell);
      }
      cells.add(line);
    }
  }

  static String of(Rows rows) {
    return of(rows, "NULL");
  }

  /** A table that shows nulls as told. */
  static String of(Rows rows, String nothing) {
    return new TableText(rows, nothing).text();
  }

  private String text() {
    StringBuilder out = new StringBuilder();
    line(out, rows.columns(), List.of());
    List<String> rule = new ArrayList<>();
    for (int width : widths) {
      rule.add("-".repeat(width));
    }
    line(out, rule, List.of());
    for (int i = 0; i < cells.size(); i++) {
      line(out, cells.get(i), rows.values().get(i));
    }
    int count = cells.size();
    return out.append('(').append(count).append(count == 1 ? " row)" : " rows)").toString();
  }

  /** Writes one line; values that are numbers tell which cells go to the right. */
  private void line(StringBuilder out, List<String> line, List<? extends @Nullable Object> values) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < line.size(); i++) {
      String padding = " ".repeat(widths[i] - line.get(i).length());
      boolean right = i < values.size() && values.get(i) instanceof Number;
      text.append(i == 0 ? "" : "  ");
      text.append(right ? padding + line.get(i) : line.get(i) + padding);
    }
    out.append(text.toString().stripTrailing()).append('\n');
  }

  private String cell(@Nullable Object value) {
    if (value == null) {
      return nothing;
    }
    if (value instanceof byte[] bytes) {
      return "X'" + HexFormat.of().formatHex(bytes) + "'";
    }
    return oneLine(value.toString());
  }

  static String oneLine(String text) {
    return text.replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t");
  }
}
