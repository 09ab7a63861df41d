package io.honker.cli;

import io.honker.codec.Json;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Results as compact JSON. BLOBs are objects with their bytes in hexadecimal, as SQL writes them
 * behind X; infinite numbers are written {@code 9e999}, which readers take for infinite again.
 */
final class JsonText {

  private final StringBuilder out = new StringBuilder();

  private JsonText() {}

  static String of(Rows rows) {
    JsonText text = new JsonText();
    String separator = "[";
    for (List<@Nullable Object> row : rows.values()) {
      text.out.append(separator);
      text.object(rows.columns(), row);
      separator = ",";
    }
    return text.out.append(rows.values().isEmpty() ? "[]" : "]").toString();
  }

  static String of(Failure failure) {
    JsonText text = new JsonText();
    text.object(List.of("error", "code"), List.of(failure.text(), failure.code()));
    return text.out.toString();
  }

  static String of(Map<String, ? extends @Nullable Object> object) {
    JsonText text = new JsonText();
    text.object(List.copyOf(object.keySet()), new ArrayList<@Nullable Object>(object.values()));
    return text.out.toString();
  }

  private void object(List<String> names, List<? extends @Nullable Object> values) {
    out.append('{');
    for (int i = 0; i < names.size(); i++) {
      if (i > 0) {
        out.append(',');
      }
      quote(names.get(i));
      out.append(':');
      value(values.get(i));
    }
    out.append('}');
  }

  private void value(@Nullable Object value) {
    if (value instanceof byte[] bytes) {
      out.append("{\"hex\":\"").append(HexFormat.of().formatHex(bytes)).append("\"}");
    } else if (value instanceof Double real && real.isInfinite()) {
      out.append(real > 0 ? "9e999" : "-9e999");
    } else if (value instanceof Json document) {
      out.append(document.text());
    } else if (value instanceof Rows rows) {
      out.append(of(rows));
    } else if (value == null || value instanceof Number || value instanceof Boolean) {
      out.append(value);
    } else {
      quote(value.toString());
    }
  }

  private void quote(String text) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        default -> {
          if (c < 0x20) {
            out.append(String.format("\\u%04x", (int) c));
          } else {
            out.append(c);
          }
        }
      }
    }
    out.append('"');
  }
}
