package io.honker.sqlite.internal;

/** Job ids as one JSON parameter, so that a statement over n jobs is bound and run once. */
final class IdArray {

  private final StringBuilder json = new StringBuilder("[");
  private int size;

  void add(long id) {
    json.append(size == 0 ? "" : ",").append(id);
    size++;
  }

  int size() {
    return size;
  }

  /** The array's text. */
  String json() {
    return json + "]";
  }
}
