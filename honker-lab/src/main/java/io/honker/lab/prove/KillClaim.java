package io.honker.lab.prove;

import static io.honker.lab.prove.ProofFailedException.require;
import static io.honker.lab.prove.ProofFailedException.requireSame;

import io.honker.Honker;
import io.honker.codec.Json;
import io.honker.codec.TypeRef;
import io.honker.queue.Job;
import io.honker.queue.JobQueue;
import io.honker.queue.QueueOptions;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * Killed while it claims: no job is lost, a claim counts one attempt or none, and when the leases
 * have ended every job can be claimed again.
 */
final class KillClaim implements Case {

  private static final String QUEUE = "claims";
  private static final int JOBS = 1000;
  private static final int MOST_LINES = 150;
  private static final Duration LEASE = Duration.ofMinutes(1);
  private static final String ATTEMPTS = "SELECT id, attempts FROM _honker_live";

  static JobQueue<Json> queue(Honker honker) {
    return honker.queue(
        QUEUE,
        TypeRef.of(Json.class),
        QueueOptions.builder().visibilityTimeout(LEASE).maxAttempts(1_000_000).build());
  }

  @Override
  public int rounds(Settings settings) {
    return KillRounds.rounds(settings);
  }

  @Override
  public void prove(Settings settings, Faults faults, Workspace workspace) throws Exception {
    Path file = workspace.file("claim.db");
    try (Honker honker = Honker.open(file)) {
      queue(honker)
          .enqueueAll(
              IntStream.range(0, JOBS).mapToObj(i -> Json.of(Integer.toString(i))).toList());
    }
    new KillRounds(settings, faults, workspace).run(new Scenario(file));
  }

  private static final class Scenario implements KillScenario {

    private final Path file;
    private Map<Long, Long> attemptsBefore = Map.of();

    Scenario(Path file) {
      this.file = file;
    }

    @Override
    public String role() {
      return "claim";
    }

    @Override
    public Path before(int round, Random random) throws SQLException {
      attemptsBefore = attempts();
      return file;
    }

    private Map<Long, Long> attempts() throws SQLException {
      try (DatabaseFile database = new DatabaseFile(file)) {
        return database.longsById(ATTEMPTS);
      }
    }

    @Override
    public KillPoint killPoint(int round, Random random) {
      return KillPoint.random(random, MOST_LINES);
    }

    @Override
    public int after(int round, Transcript transcript) throws SQLException {
      Map<Long, Long> attempts = attempts();
      require(
          attempts.keySet().equals(attemptsBefore.keySet()) && attempts.size() == JOBS,
          () -> JOBS + " jobs have become " + attempts.size());
      Set<Long> claimed = new TreeSet<>();
      attempts.forEach(
          (id, now) -> {
            long more = now - attemptsBefore.getOrDefault(id, 0L);
            require(more == 0 || more == 1, () -> "one claim of job " + id + " counts " + more);
            if (more == 1) {
              claimed.add(id);
            }
          });
      checkMarkedAsClaimed(claimed);
      Map<Long, Long> reported = reported(transcript);
      reported.forEach(
          (id, attempt) ->
              require(
                  attempt.equals(attempts.get(id)) && claimed.contains(id),
                  () -> "attempt " + attempt + " of " + id + " is " + attempts.get(id)));
      int open =
          transcript.open().stream()
              .filter(step -> step.name().equals("claim"))
              .mapToInt(step -> Integer.parseInt(step.what()))
              .sum();
      int untold = claimed.size() - reported.size();
      require(untold <= open, () -> untold + " claimed untold by claims of " + open);
      checkAllClaimable(attempts);
      return untold;
    }

    private void checkMarkedAsClaimed(Set<Long> claimed) throws SQLException {
      try (DatabaseFile database = new DatabaseFile(file)) {
        List<Long> marked =
            database.longs(
                "SELECT id FROM _honker_live WHERE state = 'processing' AND worker_id IS NOT NULL"
                    + " AND claim_expires_at > run_at");
        requireSame(claimed, new TreeSet<>(marked), "jobs marked as claimed");
      }
    }

    private static Map<Long, Long> reported(Transcript transcript) {
      Map<Long, Long> reported = new HashMap<>();
      for (Transcript.Step claim : transcript.ended("claim")) {
        for (String job : claim.what().isEmpty() ? new String[0] : claim.what().split(",")) {
          String[] idAndAttempt = job.split(":");
          Long earlier = reported.put(Long.valueOf(idAndAttempt[0]), Long.valueOf(idAndAttempt[1]));
          require(earlier == null, () -> "job " + idAndAttempt[0] + " claimed twice");
        }
      }
      return reported;
    }

    /** With the leases ended; hands everything back, which undoes the attempts. */
    private void checkAllClaimable(Map<Long, Long> attempts) throws SQLException {
      try (Honker honker =
          Honker.builder(file.toString()).clock(new AheadClock(LEASE.multipliedBy(5))).open()) {
        JobQueue<Json> queue = queue(honker);
        List<Job<Json>> all = new ArrayList<>();
        List<Job<Json>> jobs = queue.claim(300);
        while (!jobs.isEmpty()) {
          all.addAll(jobs);
          jobs = queue.claim(300);
        }
        Map<Long, Long> claimed = new TreeMap<>();
        for (Job<Json> job : all) {
          require(
              claimed.put(job.id(), job.attempt() - 1L) == null,
              () -> "job " + job.id() + " claimed twice");
        }
        requireSame(attempts.entrySet(), claimed.entrySet(), "jobs=attempts claimed again");
        all.forEach(job -> require(job.release(), () -> "job " + job.id() + " lost"));
      }
      require(attempts().equals(attempts), () -> "attempts not undone by release");
    }
  }
}
