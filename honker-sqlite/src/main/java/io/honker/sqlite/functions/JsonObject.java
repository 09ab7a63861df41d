package io.honker.sqlite.functions;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Compact JSON text. Keys come out as they are put in, which is alphabetically (rule F-6). */
final class JsonObject {

  private final StringBuilder text = new StringBuilder("{");

  static String array(List<JsonObject> objects) {
    StringBuilder array = new StringBuilder("[");
    for (JsonObject object : objects) {
      if (array.length() > 1) {
        array.append(',');
      }
      array.append(object.text).append('}');
    }
    return array.append(']').toString();
  }

  JsonObject put(String key, boolean value) {
    key(key).append(value);
    return this;
  }

  JsonObject put(String key, @Nullable Long value) {
    key(key).append(value);
    return this;
  }

  JsonObject put(String key, @Nullable String value) {
    StringBuilder out = key(key);
    if (value == null) {
      out.append("null");
    } else {
      quote(value, out);
    }
    return this;
  }

  private StringBuilder key(String key) {
    if (text.length() > 1) {
      text.append(',');
    }
    quote(key, text);
    return text.append(':');
  }

  private static void quote(String value, StringBuilder out) {
    out.append('"');
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
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

  @Override
  public String toString() {
    return text + "}";
  }
}
