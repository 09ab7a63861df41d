package io.honker.sqlite.internal;

/** A version of SQLite, compared number by number. */
record SqliteVersion(int major, int minor, int patch) implements Comparable<SqliteVersion> {

  /** The first version without the WAL-reset fault (rule F-3). */
  static final SqliteVersion OLDEST_SAFE = new SqliteVersion(3, 51, 3);

  static SqliteVersion of(String text) {
    String[] parts = text.split("\\.", -1);
    return new SqliteVersion(
        Integer.parseInt(parts[0]),
        parts.length > 1 ? Integer.parseInt(parts[1]) : 0,
        parts.length > 2 ? Integer.parseInt(parts[2]) : 0);
  }

  @Override
  public int compareTo(SqliteVersion other) {
    int byMajor = Integer.compare(major, other.major);
    int byMinor = Integer.compare(minor, other.minor);
    return byMajor != 0 ? byMajor : byMinor != 0 ? byMinor : Integer.compare(patch, other.patch);
  }

  @Override
  public String toString() {
    return major + "." + minor + "." + patch;
  }
}
