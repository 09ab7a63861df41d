package io.honker.sqlite.internal;

import java.util.HashMap;
import java.util.Map;

/** Job ids as one JSON parameter, so that a statement over n jobs is bound and run once. */
final class IdArray {

  private final StringBuilder json = new StringBuilder("[");
  private final Map<Long, Integer> indexes = new HashMap<>();

  void add(long id, int index) {
    if (json.length() > 1) {
      json.append(',');
    }
    json.append(id);
    indexes.put(id, index);
  }

  /** The array's text; add nothing afterwards. */
  String json() {
    return json.append(']').toString();
  }

  /** The index that an id was added with. */
  int indexOf(long id) {
    return indexes.getOrDefault(id, -1);
  }
}
