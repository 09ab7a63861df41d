package io.honker.lab.prove;

import static io.honker.lab.prove.ProofFailedException.require;

import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where events of {@link EventSource}s arrive, as the bare driver sees it: each event of each chain
 * once, in order, with its key.
 */
final class EventTarget implements AutoCloseable {

  private static final Pattern ROW =
      Pattern.compile("(\\S+) (\\S+) \\{\"s\":\"([^\"]+)\",\"n\":([0-9]+)(,\"p\":\"[^\"]*\")?}");

  private static final long LOOK_EVERY_NANOS = 5_000_000;

  private final DatabaseFile database;
  private final Map<String, Long> next = new HashMap<>();
  private long offset;

  EventTarget(Path file) throws SQLException {
    this.database = new DatabaseFile(file);
  }

  /** Reads what is new; fails if something is there twice, missing, out of order or changed. */
  Map<String, Long> read() {
    Map<Long, String> rows;
    try {
      rows =
          database.textsById(
              "SELECT offset, topic || ' ' || coalesce(key, '-') || ' ' || payload"
                  + " FROM _honker_stream WHERE offset > ? ORDER BY offset",
              offset);
    } catch (SQLException e) {
      throw new ProofFailedException("the target cannot be read: " + e.getMessage());
    }
    rows.forEach(this::take);
    return new TreeMap<>(next);
  }

  private void take(long at, String row) {
    Matcher words = ROW.matcher(row);
    require(words.matches(), () -> "event " + at + " is " + row);
    String chain = words.group(3) + "/" + words.group(1);
    long number = Long.parseLong(words.group(4));
    long expected = next.getOrDefault(chain, 0L);
    require(
        number == expected,
        () ->
            chain
                + (number < expected ? ": twice " : ": missing before ")
                + number
                + ", expected "
                + expected
                + ", at offset "
                + at);
    require(
        words.group(2).equals(EventSource.key(number)),
        () -> chain + ": " + number + " has key " + words.group(2));
    next.put(chain, number + 1);
    offset = at;
  }

  private boolean has(Map<String, Long> counts) {
    Map<String, Long> now = read();
    boolean all =
        counts.entrySet().stream()
            .allMatch(count -> now.getOrDefault(count.getKey(), 0L) >= count.getValue());
    if (!all) {
      Waiting.pass(LOOK_EVERY_NANOS);
    }
    return all;
  }

  /** Waits until so many of each chain are there. */
  void await(Map<String, Long> counts, Duration limit, Supplier<String> trouble) {
    require(
        Waiting.until(limit, () -> has(counts)),
        () ->
            "after "
                + limit.toSeconds()
                + " s there are "
                + read()
                + " of "
                + counts
                + "; "
                + trouble.get());
  }

  /** So many of each chain and nothing else. */
  void requireExactly(Map<String, Long> counts) throws SQLException {
    Map<String, Long> now = read();
    require(now.equals(new TreeMap<>(counts)), () -> "there are " + now + " of " + counts);
    database.checkSound();
  }

  @Override
  public void close() throws SQLException {
    database.close();
  }
}
