package io.honker.lab.prove;

import static io.honker.lab.prove.ProofFailedException.require;

import io.honker.Honker;
import io.honker.schedule.CatchUp;
import io.honker.schedule.Schedule;
import io.honker.schedule.ScheduleInfo;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoField;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/**
 * Two processes compete for leadership over schedules that fire every second, and the leader is
 * killed again and again: every nominal second is fired exactly once, under a policy that drops
 * some at most once.
 */
final class LeaderCase implements Case {

  private static final int DEFAULT_ROUNDS = 50;
  private static final List<String> LOCKS = List.of("honker-scheduler", "honkerj-scheduler");
  private static final Duration LIMIT = Duration.ofMinutes(2);

  @Override
  public int rounds(Settings settings) {
    return settings.number("rounds", DEFAULT_ROUNDS);
  }

  @Override
  public void prove(Settings settings, Faults faults, Workspace workspace) throws Exception {
    try (Race race = new Race(faults, workspace)) {
      for (int round = 1; round <= rounds(settings); round++) {
        try {
          race.round(round);
        } catch (ProofFailedException e) {
          throw new ProofFailedException("in round " + round + ": " + e.getMessage());
        }
        workspace.deleteNativeLibraries();
      }
      race.finish();
    }
  }

  private static List<Schedule> schedules() {
    CatchUp everything = CatchUp.all(10_000);
    return List.of(
        Schedule.cron("shared-cron", "* * * * * *", "jobs").build(),
        Schedule.cron("shared-every", "@every 1s", "jobs").build(),
        Schedule.cron("own-cron", "* * * * * *", "jobs")
            .zone(ZoneOffset.UTC)
            .catchUp(everything)
            .build(),
        Schedule.cron("own-every", "@every 1s", "jobs").catchUp(everything).build(),
        Schedule.cron("latest", "* * * * * *", "jobs").catchUp(CatchUp.latest()).build(),
        Schedule.cron("none", "* * * * * *", "jobs")
            .catchUp(CatchUp.none(Duration.ofSeconds(1)))
            .build());
  }

  private static boolean dropsSome(String schedule) {
    return schedule.equals("latest") || schedule.equals("none");
  }

  private static final class Race implements AutoCloseable {

    private final Faults faults;
    private final Workspace workspace;
    private final Path file;
    private final Map<String, Long> first = new HashMap<>();
    private final Map<Long, ChildProcess> running = new HashMap<>();
    private final DatabaseFile database;
    private int started;

    Race(Faults faults, Workspace workspace) throws Exception {
      this.faults = faults;
      this.workspace = workspace;
      this.file = workspace.file("leader.db");
      try (Honker honker = Honker.open(file)) {
        honker.inTransaction(
            tx -> schedules().forEach(schedule -> honker.scheduler().register(tx, schedule)));
        for (ScheduleInfo info : honker.scheduler().list()) {
          first.put(info.name(), info.nextFireAt().getEpochSecond());
        }
      }
      this.database = new DatabaseFile(file);
      start();
      start();
    }

    private void start() {
      started++;
      ChildProcess child = ChildProcess.role("contender-" + started, workspace, "leader", file);
      running.put(child.pid(), child);
    }

    /** Kills the holder of one lock, and waits for the other process to take over. */
    void round(int round) throws Exception {
      Random random = faults.random(round);
      String lock = LOCKS.get(random.nextInt(LOCKS.size()));
      ChildProcess leader = awaitLeader(lock);
      String when = awaitMoment(random);
      require(leader.kill(), () -> leader.name() + " ended by itself" + leader.complaint());
      running.remove(leader.pid());
      checkTranscript(leader);
      faults.hit();
      start();
      ChildProcess heir = awaitLeader(lock);
      awaitUpToDate();
      checkFires();
      for (ChildProcess child : running.values()) {
        require(child.awaitLines(1), () -> child.name() + " ended" + child.complaint());
      }
      faults.tell(
          "round "
              + round
              + ": "
              + leader.name()
              + " killed "
              + when
              + ", "
              + heir.name()
              + " took "
              + lock
              + " over");
    }

    /** Half of the kills go where leaders write: right after the turn of a second. */
    private static String awaitMoment(Random random) {
      Instant now = Instant.now();
      long offset =
          random.nextBoolean() ? random.nextInt(12_000_000) : random.nextInt(1_000_000_000);
      long wait = offset - now.get(ChronoField.NANO_OF_SECOND);
      Waiting.pass(wait < 0 ? wait + 1_000_000_000 : wait);
      return String.format(Locale.ROOT, "%.2f ms after a second", offset / 1e6);
    }

    /** The process that holds a lock, told by its id in the owner's name. */
    private ChildProcess awaitLeader(String lock) {
      AtomicLong found = new AtomicLong();
      boolean inTime =
          Waiting.until(
              LIMIT,
              () -> {
                found.set(holder(lock));
                return running.containsKey(found.get());
              });
      require(inTime, () -> "nobody of " + running.keySet() + " took " + lock);
      return Objects.requireNonNull(running.get(found.get()));
    }

    private long holder(String lock) {
      try {
        List<String> owners =
            database.texts(
                "SELECT owner FROM _honker_locks WHERE name = ? AND expires_at > unixepoch()",
                lock);
        return owners.isEmpty() ? -1 : Long.parseLong(owners.get(0).split("-")[1]);
      } catch (SQLException e) {
        throw new ProofFailedException("the locks cannot be read: " + e.getMessage());
      }
    }

    private void awaitUpToDate() {
      boolean inTime = Waiting.until(LIMIT, this::isUpToDate);
      require(
          inTime, () -> "after " + LIMIT.toSeconds() + " s not all that was due has been fired");
    }

    private boolean isUpToDate() {
      try {
        return database
            .longs(
                "SELECT next_fire_at > unixepoch() FROM _honker_scheduler_tasks UNION ALL"
                    + " SELECT next_fire_at > unixepoch() FROM _honkerj_schedules")
            .stream()
            .allMatch(upToDate -> upToDate == 1);
      } catch (SQLException e) {
        throw new ProofFailedException("the schedules cannot be read: " + e.getMessage());
      }
    }

    private static void checkTranscript(ChildProcess child) {
      List<Transcript.Step> troubles = new Transcript(child.lines()).notes("trouble");
      require(troubles.isEmpty(), () -> child.name() + " saw " + troubles);
    }

    private void checkFires() throws SQLException {
      database.checkSound();
      for (Schedule schedule : schedules()) {
        checkFires(schedule.name());
      }
      List<Long> strangers =
          database.longs(
              "SELECT id FROM _honker_live WHERE id NOT IN (SELECT job_id FROM _honkerj_fires)"
                  + " UNION ALL"
                  + " SELECT job_id FROM _honkerj_fires WHERE job_id NOT IN"
                  + " (SELECT id FROM _honker_live)");
      require(strangers.isEmpty(), () -> "jobs without fire time, or the reverse: " + strangers);
    }

    /** One statement reads fires and next fire time, so that both are of one commit. */
    private void checkFires(String name) throws SQLException {
      List<Long> fires =
          database.longs(
              "SELECT fire_at FROM _honkerj_fires WHERE schedule = ?1 UNION ALL"
                  + " SELECT next_fire_at FROM _honker_scheduler_tasks WHERE name = ?1 UNION ALL"
                  + " SELECT next_fire_at FROM _honkerj_schedules WHERE name = ?1",
              name);
      Set<Long> found = new TreeSet<>(fires);
      require(found.size() == fires.size(), () -> name + ": seconds fired twice: " + twice(fires));
      if (!dropsSome(name)) {
        long next = fires.get(fires.size() - 1);
        long begin = Objects.requireNonNull(first.get(name));
        Set<Long> all = LongStream.rangeClosed(begin, next).boxed().collect(Collectors.toSet());
        ProofFailedException.requireSame(all, found, name + ": fire times");
      }
    }

    private static List<Long> twice(List<Long> fires) {
      Set<Long> seen = new HashSet<>();
      return fires.stream().filter(fire -> !seen.add(fire)).toList();
    }

    void finish() throws Exception {
      for (ChildProcess child : running.values()) {
        child.send("stop");
        require(child.awaitExit(LIMIT) == 0, () -> child.name() + " failed" + child.complaint());
        checkTranscript(child);
      }
      require(
          database.texts("SELECT name FROM _honker_locks").isEmpty(),
          () -> "locks are left after the end");
      checkFires();
      faults.tell(
          database.longs("SELECT count(*) FROM _honkerj_fires").get(0) + " fires, each once");
    }

    @Override
    public void close() throws SQLException {
      running.values().forEach(ChildProcess::close);
      database.close();
    }
  }
}
