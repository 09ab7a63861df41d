package io.honker.lab.prove;

import static io.honker.lab.prove.ProofFailedException.require;
import static io.honker.lab.prove.ProofFailedException.requireSame;
import static io.honker.lab.prove.ProofFailedException.requireWithin;

import io.honker.Honker;
import io.honker.codec.Json;
import io.honker.observe.HonkerEvent;
import io.honker.queue.Worker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;

/**
 * Killed while handlers run: every job is handled to its end at least once and acknowledged exactly
 * once; with a transactional worker its effect is there exactly once, and not before the job is
 * gone.
 */
final class KillHandler implements Case {

  static final String QUEUE = "handled";
  static final int JOBS = 1200;

  private static final int MOST_LINES = 250;
  private static final Duration LIMIT = Duration.ofMinutes(2);

  static boolean isTransactional(int round) {
    return round % 2 == 0;
  }

  @Override
  public int rounds(Settings settings) {
    return KillRounds.rounds(settings);
  }

  @Override
  public void prove(Settings settings, Faults faults, Workspace workspace) throws Exception {
    new KillRounds(settings, faults, workspace).run(new Scenario(workspace.file("handle.db")));
  }

  private static final class Scenario implements KillScenario {

    private final Path file;
    private final Path log;
    private Set<Long> enqueued = Set.of();

    Scenario(Path file) {
      this.file = file;
      this.log = HandlerLog.beside(file);
    }

    @Override
    public String role() {
      return "handle";
    }

    @Override
    public Path before(int round, Random random) throws IOException {
      Files.deleteIfExists(log);
      try (Honker honker = Honker.open(file)) {
        honker.inTransaction(
            tx -> {
              tx.execute("CREATE TABLE IF NOT EXISTS effects(job_id INTEGER NOT NULL)");
              tx.execute("DELETE FROM effects");
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
    public int after(int round, Transcript transcript) throws SQLException, IOException {
      boolean transactional = isTransactional(round);
      Set<Long> live = ids("SELECT id FROM _honker_live");
      Set<Long> gone = new TreeSet<>(enqueued);
      gone.removeAll(live);
      Set<Long> acked = checkAcked(transcript, gone);
      checkEnded(gone);
      if (transactional) {
        Set<Long> effects = ids("SELECT job_id FROM effects");
        requireSame(gone, effects, "effects of jobs that are gone");
      }
      drain(round, live);
      checkEnded(enqueued);
      require(ids("SELECT id FROM _honker_live").isEmpty(), () -> "jobs are left");
      require(ids("SELECT id FROM _honker_dead").isEmpty(), () -> "jobs have died");
      if (transactional) {
        checkOneEffectEach();
      }
      return gone.size() - acked.size();
    }

    private Set<Long> checkAcked(Transcript transcript, Set<Long> gone) {
      Set<Long> acked = new HashSet<>();
      for (Transcript.Step note : transcript.notes("acked")) {
        for (Long id : note.ids()) {
          require(acked.add(id), () -> "job " + id + " was acknowledged twice");
        }
      }
      requireWithin(acked, gone, "acknowledged jobs are still there");
      return acked;
    }

    private void checkEnded(Set<Long> ids) throws IOException {
      Set<Long> ended = Files.exists(log) ? new HashSet<>(HandlerLog.ids(log, "end")) : Set.of();
      requireWithin(ids, ended, "jobs were not handled to their end");
    }

    private void checkOneEffectEach() throws SQLException {
      try (DatabaseFile database = new DatabaseFile(file)) {
        List<Long> effects = database.longs("SELECT job_id FROM effects");
        requireSame(enqueued, new TreeSet<>(effects), "effects");
        require(
            effects.size() == enqueued.size(),
            () -> effects.size() + " effects of " + enqueued.size() + " jobs");
      }
    }

    /** A fresh worker, when the dead one's leases have ended, does exactly what is left. */
    private void drain(int round, Set<Long> live) throws IOException {
      Queue<Long> acked = new ConcurrentLinkedQueue<>();
      Queue<String> troubles = new ConcurrentLinkedQueue<>();
      try (HandlerLog successors = new HandlerLog(log);
          Honker honker =
              Honker.builder(file.toString())
                  .clock(new AheadClock(Duration.ofHours(1)))
                  .observer(event -> observe(event, acked, troubles))
                  .open();
          Worker worker =
              HandleRole.worker(honker, round, job -> HandleRole.work(job, successors, 1))
                  .start()) {
        boolean done = Waiting.until(LIMIT, () -> acked.size() >= live.size());
        require(
            done && worker.isRunning(),
            () ->
                "after "
                    + LIMIT.toSeconds()
                    + " s only "
                    + acked.size()
                    + " of "
                    + live.size()
                    + " are done");
      }
      require(troubles.isEmpty(), () -> "the successor saw " + troubles);
      require(acked.size() == live.size(), () -> acked.size() + " acknowledged of " + live.size());
      requireSame(live, new HashSet<>(acked), "acknowledged jobs");
    }

    private static void observe(HonkerEvent event, Queue<Long> acked, Queue<String> troubles) {
      if (event instanceof HonkerEvent.JobAcked done) {
        acked.add(done.jobId());
      } else if (event instanceof HonkerEvent.LoopFailed
          || event instanceof HonkerEvent.JobRetried
          || event instanceof HonkerEvent.JobDied
          || event instanceof HonkerEvent.LeaseLost) {
        troubles.add(event.toString());
      }
    }

    private Set<Long> ids(String sql) throws SQLException {
      try (DatabaseFile database = new DatabaseFile(file)) {
        return new TreeSet<>(database.longs(sql));
      }
    }
  }
}
