package io.honker.lab.prove;

import static io.honker.lab.prove.ProofFailedException.require;
import static io.honker.lab.prove.ProofFailedException.requireSame;

import io.honker.Honker;
import io.honker.codec.Json;
import io.honker.queue.Job;
import io.honker.queue.JobQueue;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

/**
 * Killed while it enqueues: what was reported is there, business rows and jobs match one to one, a
 * batch is there as a whole or not at all. Every tenth round kills in the middle of making the
 * file.
 */
final class KillEnqueue implements Case {

  static final String QUEUE = "orders";
  static final String CREATE_ORDERS =
      "CREATE TABLE IF NOT EXISTS orders(key TEXT PRIMARY KEY) WITHOUT ROWID";

  private static final int MOST_LINES = 150;
  private static final int LONGEST_OPENING_NANOS = 400_000_000;
  private static final List<String> STEPS = List.of("one", "all", "tx", "txall");

  @Override
  public int rounds(Settings settings) {
    return KillRounds.rounds(settings);
  }

  @Override
  public void prove(Settings settings, Faults faults, Workspace workspace) throws Exception {
    new KillRounds(settings, faults, workspace).run(new Scenario(workspace));
  }

  private record Scenario(Workspace workspace) implements KillScenario {

    @Override
    public String role() {
      return "enqueue";
    }

    private Path file(int round) {
      return workspace.file(isOpening(round) ? "new-" + round + ".db" : "enqueue.db");
    }

    private static boolean isOpening(int round) {
      return round % 10 == 2;
    }

    @Override
    public Path before(int round, Random random) {
      return file(round);
    }

    @Override
    public KillPoint killPoint(int round, Random random) {
      return isOpening(round)
          ? new KillPoint(1, random.nextInt(LONGEST_OPENING_NANOS))
          : KillPoint.random(random, MOST_LINES);
    }

    @Override
    public int after(int round, Transcript transcript) throws SQLException {
      Path file = file(round);
      Map<Long, String> jobs = Map.of();
      if (hasTables(file)) {
        try (DatabaseFile database = new DatabaseFile(file)) {
          jobs = database.textsById("SELECT id, payload FROM _honker_live");
          checkWhole(jobs);
          checkOrders(jobs, database.texts("SELECT key FROM orders"));
        }
      }
      int reported = checkReported(jobs, transcript);
      checkUsable(file, jobs.keySet());
      return jobs.size() - reported;
    }

    /** A process killed early has made no file, or an empty one, or one without our tables. */
    private static boolean hasTables(Path file) throws SQLException {
      if (!Files.exists(file)) {
        return false;
      }
      try (DatabaseFile database = new DatabaseFile(file)) {
        String made = "SELECT count(*) FROM sqlite_schema WHERE name IN ('_honker_live', 'orders')";
        return database.longs(made).equals(List.of(2L));
      }
    }

    private static String key(String payload) {
      return payload.substring(1, payload.length() - 1);
    }

    private static void checkWhole(Map<Long, String> jobs) {
      Map<String, Integer> counts = new HashMap<>();
      Set<String> keys = new HashSet<>();
      for (String payload : jobs.values()) {
        String key = key(payload);
        require(keys.add(key), () -> "two jobs of key " + key);
        String[] parts = key.split(":");
        counts.merge(
            String.join(":", List.of(parts).subList(0, 4)) + ":" + parts[5], 1, Integer::sum);
      }
      counts.forEach(
          (batch, count) ->
              require(
                  batch.endsWith(":" + count), () -> "only " + count + " jobs of batch " + batch));
    }

    private static void checkOrders(Map<Long, String> jobs, List<String> orders) {
      Set<String> ofJobs = new TreeSet<>();
      jobs.values().stream()
          .map(Scenario::key)
          .filter(k -> k.startsWith("tx"))
          .forEach(ofJobs::add);
      Set<String> ofOrders = new TreeSet<>(orders);
      requireSame(ofOrders, ofJobs, "jobs of orders");
    }

    private static int checkReported(Map<Long, String> jobs, Transcript transcript) {
      int reported = 0;
      for (String step : STEPS) {
        for (Transcript.Step ended : transcript.ended(step)) {
          String[] keyAndIds = ended.what().split(" ");
          String[] ids = keyAndIds[1].split(",");
          reported += ids.length;
          require(
              keyAndIds[0].endsWith(":1:" + ids.length),
              () -> "ids " + keyAndIds[1] + " returned for " + keyAndIds[0]);
          for (int i = 0; i < ids.length; i++) {
            String key = keyAndIds[0].replaceFirst(":1:([0-9]+)$", ":" + (i + 1) + ":$1");
            Long id = Long.valueOf(ids[i]);
            require(
                ("\"" + key + "\"").equals(jobs.get(id)),
                () -> "reported job " + id + " of key " + key + " is " + jobs.get(id));
          }
        }
      }
      return reported;
    }

    /** The next process finds everything, once, and leaves nothing. */
    private static void checkUsable(Path file, Set<Long> expected) {
      try (Honker honker = Honker.open(file)) {
        JobQueue<Json> queue = honker.queue(QUEUE, Json.class);
        Set<Long> claimed = new HashSet<>();
        List<Job<Json>> jobs = queue.claim(500);
        while (!jobs.isEmpty()) {
          jobs.forEach(
              job -> require(claimed.add(job.id()), () -> "job " + job.id() + " claimed twice"));
          int acked = queue.ackAll(jobs);
          int size = jobs.size();
          require(acked == size, () -> "acked " + acked + " of " + size);
          jobs = queue.claim(500);
        }
        requireSame(expected, claimed, "claimed jobs");
        honker.inTransaction(
            tx -> {
              tx.execute(CREATE_ORDERS);
              tx.execute("DELETE FROM orders");
            });
      }
    }
  }
}
