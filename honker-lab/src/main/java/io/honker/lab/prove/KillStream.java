package io.honker.lab.prove;

import static io.honker.lab.prove.ProofFailedException.require;
import static io.honker.lab.prove.ProofFailedException.requireSame;

import io.honker.Honker;
import io.honker.stream.Subscription;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Killed while events are handled, in turns: a consumer (every event at least once, in order, again
 * only from the saved offset), a transactional consumer (its effects exactly once), and a member of
 * a consumer group of three processes (each key in order, nothing lost).
 */
final class KillStream implements Case {

  static final String CONSUMER = "prover";

  private static final int KINDS = 3;
  private static final int MOST_LINES = 200;
  private static final Duration LIMIT = Duration.ofMinutes(2);

  static boolean isTransactional(int round) {
    return round % KINDS == 2;
  }

  static boolean isGroup(int round) {
    return round % KINDS == 0;
  }

  /** Consumers have a topic for each round; the group's members live through all rounds. */
  static String topic(int round) {
    return isGroup(round) ? "shared" : "round-" + round;
  }

  @Override
  public int rounds(Settings settings) {
    return KillRounds.rounds(settings);
  }

  @Override
  public void prove(Settings settings, Faults faults, Workspace workspace) throws Exception {
    try (Scenario scenario = new Scenario(workspace)) {
      new KillRounds(settings, faults, workspace).run(scenario);
    }
  }

  private static final class Scenario implements KillScenario, AutoCloseable {

    private final Path alone;
    private final GroupScene group;

    Scenario(Workspace workspace) {
      this.alone = workspace.file("stream.db");
      this.group = new GroupScene(workspace);
    }

    @Override
    public String role() {
      return "stream";
    }

    @Override
    public Path before(int round, Random random) throws Exception {
      if (isGroup(round)) {
        return group.before(round);
      }
      Files.deleteIfExists(EventLog.beside(alone));
      try (Honker honker = Honker.open(alone)) {
        honker.inTransaction(
            tx -> {
              tx.execute("CREATE TABLE IF NOT EXISTS effects(event INTEGER NOT NULL)");
              tx.execute("DELETE FROM effects");
            });
      }
      return alone;
    }

    @Override
    public KillPoint killPoint(int round, Random random) {
      return KillPoint.random(random, MOST_LINES);
    }

    @Override
    public int after(int round, Transcript transcript) throws Exception {
      return isGroup(round) ? group.after(transcript) : afterAlone(round);
    }

    private int afterAlone(int round) throws SQLException, IOException {
      List<Long> events = offsets(round);
      long saved = saved(round);
      Path log = EventLog.beside(alone);
      List<Long> begun = Files.exists(log) ? begun(EventLog.read(log)) : List.of();
      if (events.isEmpty()) { // killed before it published anything
        require(begun.isEmpty() && effects().isEmpty(), () -> "handled what was never published");
        return 0;
      }
      int savedCount = events.indexOf(saved) + 1; // 0 if nothing was saved
      if (isTransactional(round)) {
        require(
            effects().equals(events.subList(0, savedCount)),
            () -> "effects " + effects() + " of events up to " + saved);
      } else {
        require(
            begun.equals(events.subList(0, begun.size())),
            () -> "deliveries are not the first events in order: " + begun);
        require(savedCount <= begun.size(), () -> "saved " + saved + " was not delivered");
      }
      Files.deleteIfExists(log);
      finish(round, events.get(events.size() - 1));
      require(
          begun(EventLog.read(log)).equals(events.subList(savedCount, events.size())),
          () -> "the successor did not go on from the saved offset " + saved);
      if (isTransactional(round)) {
        require(effects().equals(events), () -> "effects are not those of all events");
      }
      return begun.size() - savedCount;
    }

    /** A successor of the dead consumer does the rest. */
    private void finish(int round, long last) throws IOException {
      try (Honker honker = Honker.open(alone);
          EventLog log = new EventLog(EventLog.beside(alone), "successor");
          Subscription successor = StreamRole.builder(honker, round, log, null, 1).start()) {
        require(
            Waiting.until(LIMIT, () -> successor.position() >= last),
            () ->
                "after "
                    + LIMIT.toSeconds()
                    + " s only at "
                    + successor.position()
                    + " of "
                    + last);
      }
    }

    private List<Long> offsets(int round) throws SQLException {
      try (DatabaseFile database = new DatabaseFile(alone)) {
        return database.longs(
            "SELECT offset FROM _honker_stream WHERE topic = ? ORDER BY offset", topic(round));
      }
    }

    private long saved(int round) throws SQLException {
      try (DatabaseFile database = new DatabaseFile(alone)) {
        List<Long> saved =
            database.longs(
                "SELECT offset FROM _honker_stream_consumers WHERE topic = ?", topic(round));
        return saved.isEmpty() ? 0 : saved.get(0);
      }
    }

    private List<Long> effects() {
      try (DatabaseFile database = new DatabaseFile(alone)) {
        return database.longs("SELECT event FROM effects ORDER BY rowid");
      } catch (SQLException e) {
        throw new ProofFailedException("effects cannot be read: " + e.getMessage());
      }
    }

    private static List<Long> begun(List<EventLog.Line> lines) {
      return lines.stream().filter(EventLog.Line::begun).map(EventLog.Line::offset).toList();
    }

    @Override
    public void close() {
      group.close();
    }
  }

  /** Per key: one at a time, in order, nothing left out, back only where the handler changes. */
  static void checkKeys(List<EventLog.Line> lines, Map<Long, String> keys, String killed) {
    Map<String, List<Long>> events = new TreeMap<>();
    keys.forEach((offset, key) -> events.computeIfAbsent(key, k -> new ArrayList<>()).add(offset));
    Map<String, List<EventLog.Line>> byKey = new TreeMap<>();
    lines.forEach(line -> byKey.computeIfAbsent(line.key(), k -> new ArrayList<>()).add(line));
    requireSame(new TreeSet<>(events.keySet()), new TreeSet<>(byKey.keySet()), "keys");
    events.forEach(
        (key, offsets) -> checkKey(key, offsets, byKey.getOrDefault(key, List.of()), killed));
  }

  private static void checkKey(
      String key, List<Long> offsets, List<EventLog.Line> lines, String killed) {
    int furthest = -1;
    int last = -1;
    EventLog.@Nullable Line open = null;
    String lastBy = "";
    TreeSet<Long> ended = new TreeSet<>();
    for (EventLog.Line line : lines) {
      if (!line.begun()) {
        EventLog.Line begun = open;
        require(
            begun != null && begun.offset() == line.offset() && begun.by().equals(line.by()),
            () -> key + ": " + line + " ended while open was " + begun);
        ended.add(line.offset());
        open = null;
        continue;
      }
      EventLog.Line before = open;
      require(
          before == null || before.by().equals(killed),
          () -> key + ": " + line + " began while " + before + " ran");
      int index = offsets.indexOf(line.offset());
      int limit = furthest + 1;
      require(index >= 0 && index <= limit, () -> key + ": " + line + " left events out");
      boolean back = index <= last;
      String by = lastBy;
      require(!back || !line.by().equals(by), () -> key + ": " + line + " went back by itself");
      furthest = Math.max(furthest, index);
      last = index;
      lastBy = line.by();
      open = line;
    }
    requireSame(new TreeSet<>(offsets), ended, key + ": events");
  }
}
