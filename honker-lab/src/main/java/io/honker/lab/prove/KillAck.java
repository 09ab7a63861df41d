package io.honker.lab.prove;

import static io.honker.lab.prove.ProofFailedException.require;
import static io.honker.lab.prove.ProofFailedException.requireSame;
import static io.honker.lab.prove.ProofFailedException.requireWithin;

import io.honker.Honker;
import io.honker.codec.Json;
import io.honker.queue.Job;
import io.honker.queue.JobQueue;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * Killed while it acknowledges: no acknowledged job exists or runs again, none is acknowledged
 * twice, none is gone that nobody was about to acknowledge.
 */
final class KillAck implements Case {

  static final String QUEUE = "acks";

  private static final int JOBS = 1500;
  private static final int MOST_LINES = 200;

  @Override
  public int rounds(Settings settings) {
    return KillRounds.rounds(settings);
  }

  @Override
  public void prove(Settings settings, Faults faults, Workspace workspace) throws Exception {
    new KillRounds(settings, faults, workspace).run(new Scenario(workspace.file("ack.db")));
  }

  private static final class Scenario implements KillScenario {

    private final Path file;
    private Set<Long> enqueued = Set.of();

    Scenario(Path file) {
      this.file = file;
    }

    @Override
    public String role() {
      return "ack";
    }

    @Override
    public Path before(int round, Random random) {
      try (Honker honker = Honker.open(file)) {
        honker.inTransaction(
            tx -> {
              tx.execute("CREATE TABLE IF NOT EXISTS done(job_id INTEGER PRIMARY KEY)");
              tx.execute("DELETE FROM done");
            });
        List<Json> payloads =
            IntStream.range(0, JOBS).mapToObj(i -> Json.of(Integer.toString(i))).toList();
        enqueued = new TreeSet<>(honker.queue(QUEUE, Json.class).enqueueAll(payloads));
      }
      return file;
    }

    @Override
    public KillPoint killPoint(int round, Random random) {
      return KillPoint.random(random, MOST_LINES);
    }

    @Override
    public int after(int round, Transcript transcript) throws SQLException {
      Set<Long> live = ids("SELECT id FROM _honker_live");
      Set<Long> gone = new TreeSet<>(enqueued);
      gone.removeAll(live);
      requireWithin(live, enqueued, "jobs of an earlier round are live again");
      require(transcript.notes("lost").isEmpty(), () -> "claims lost: " + transcript.notes("lost"));
      Set<Long> acked = acked(transcript);
      requireWithin(acked, gone, "acknowledged jobs are still there");
      Set<Long> announced = announced(transcript);
      requireWithin(gone, announced, "jobs are gone that nobody acknowledged");
      checkBatches(transcript, live);
      checkDone(transcript, gone);
      drain(live);
      return gone.size() - acked.size();
    }

    private static Set<Long> acked(Transcript transcript) {
      Set<Long> acked = new HashSet<>();
      for (List<Transcript.Step> steps :
          List.of(
              transcript.ended("ack"),
              transcript.ended("ackAll"),
              transcript.ended("ackTx"),
              transcript.notes("acked"))) {
        for (Transcript.Step step : steps) {
          step.ids()
              .forEach(id -> require(acked.add(id), () -> "job " + id + " acknowledged twice"));
        }
      }
      return acked;
    }

    private static Set<Long> announced(Transcript transcript) {
      Set<Long> announced = new HashSet<>();
      for (String step : List.of("ack", "ackAll", "ackTx")) {
        transcript.begun(step).forEach(begun -> announced.addAll(begun.ids()));
      }
      transcript.notes("handled").forEach(handled -> announced.addAll(handled.ids()));
      return announced;
    }

    /** What is acknowledged in one transaction is acknowledged together. */
    private static void checkBatches(Transcript transcript, Set<Long> live) {
      for (String name : List.of("ackAll", "ackTx")) {
        for (Transcript.Step step : transcript.begun(name)) {
          long left = step.ids().stream().filter(live::contains).count();
          require(left == 0 || left == step.ids().size(), () -> left + " left of " + step.what());
        }
      }
    }

    private void checkDone(Transcript transcript, Set<Long> gone) throws SQLException {
      Set<Long> expected = new TreeSet<>();
      transcript.begun("ackTx").forEach(step -> expected.addAll(step.ids()));
      expected.retainAll(gone);
      Set<Long> done = ids("SELECT job_id FROM done");
      requireSame(expected, done, "business rows of acknowledged jobs");
    }

    /** What is left can be claimed and acknowledged, once, when the leases have ended. */
    private void drain(Set<Long> live) throws SQLException {
      try (Honker honker =
          Honker.builder(file.toString()).clock(new AheadClock(Duration.ofHours(1))).open()) {
        JobQueue<Json> queue = honker.queue(QUEUE, Json.class);
        Set<Long> claimed = new TreeSet<>();
        List<Job<Json>> jobs = queue.claim(200);
        while (!jobs.isEmpty()) {
          jobs.forEach(
              job -> require(claimed.add(job.id()), () -> "job " + job.id() + " claimed twice"));
          int size = jobs.size();
          int acked = queue.ackAll(jobs);
          require(acked == size, () -> "acked " + acked + " of " + size);
          jobs = queue.claim(200);
        }
        requireSame(live, claimed, "claimed jobs");
      }
      require(ids("SELECT id FROM _honker_live").isEmpty(), () -> "jobs are left");
      require(ids("SELECT id FROM _honker_dead").isEmpty(), () -> "jobs have died");
    }

    private Set<Long> ids(String sql) throws SQLException {
      try (DatabaseFile database = new DatabaseFile(file)) {
        return new TreeSet<>(database.longs(sql));
      }
    }
  }
}
