package io.honker.lab.prove;

import static io.honker.lab.prove.ProofFailedException.require;

import io.honker.Honker;
import io.honker.codec.Json;
import io.honker.lock.HeldLock;
import io.honker.lock.LockOptions;
import io.honker.queue.Job;
import io.honker.queue.JobQueue;
import io.honker.queue.QueueOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/**
 * Killed while it holds a lock that it renews and all the room of a limited queue: neither is to be
 * had while it lives, and both are when its leases have ended, without a look at the clock by hand.
 */
final class KillLock implements Case {

  static final String LOCK = "guarded";
  static final int LIMIT = 2;

  /** Long beside the stalls of a busy machine: who lives is not to lose its lock. */
  static final Duration LEASE = Duration.ofSeconds(6);

  private static final int DEFAULT_ROUNDS = 10;
  private static final int LONGEST_LIFE_NANOS = 1_000_000_000;
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /** The lease, what rounding up to whole seconds adds, and the time to take the writer. */
  private static Duration soonEnough(Settings settings) {
    return LEASE.plusSeconds(2).plusMillis(settings.mostWaitMillis());
  }

  static JobQueue<Json> queue(Honker honker) {
    return honker.queue(
        "limited", Json.class, QueueOptions.builder().visibilityTimeout(LEASE).build());
  }

  static LockOptions lockOptions() {
    return LockOptions.builder().ttl(LEASE).autoRenew().build();
  }

  @Override
  public int rounds(Settings settings) {
    return settings.number("rounds", DEFAULT_ROUNDS);
  }

  @Override
  public void prove(Settings settings, Faults faults, Workspace workspace) throws Exception {
    for (int round = 1; round <= rounds(settings); round++) {
      long life = 9L * faults.random(round).nextInt(LONGEST_LIFE_NANOS);
      prove(round, life, soonEnough(settings), faults, workspace);
      workspace.deleteNativeLibraries();
    }
  }

  private static void prove(
      int round, long life, Duration soonEnough, Faults faults, Workspace workspace)
      throws Exception {
    Path file = workspace.file("lock-" + round + ".db");
    try (Honker honker = Honker.open(file)) {
      JobQueue<Json> queue = queue(honker);
      queue.enqueueAll(List.of(Json.of("1"), Json.of("2"), Json.of("3")));
      queue.limitConcurrency(LIMIT);
      try (ChildProcess child =
          ChildProcess.role("round-" + round, workspace, "lock", file.toString())) {
        require(child.awaitLines(1 + LIMIT), () -> "the child ended" + child.complaint());
        FutureTask<Optional<HeldLock>> lock =
            inBackground(() -> honker.locks().lock(LOCK, PATIENCE));
        FutureTask<List<Job<Json>>> claim = inBackground(() -> queue.claim(3, PATIENCE));
        Waiting.pass(life);
        require(!lock.isDone(), () -> "the lock of a living process was taken");
        require(!claim.isDone(), () -> "more jobs in flight than " + LIMIT);
        require(child.kill(), () -> "the child ended by itself" + child.complaint());
        long killed = System.nanoTime();
        faults.hit();
        HeldLock taken = lock.get(PATIENCE.toSeconds(), TimeUnit.SECONDS).orElseThrow();
        long lockAfter = System.nanoTime() - killed;
        List<Job<Json>> claimed = claim.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        long claimAfter = System.nanoTime() - killed;
        faults.tell(
            String.format(
                Locale.ROOT,
                "round %d: killed after %.2f s; its lock was free %.2f s later, its room %.2f s",
                round,
                life / 1e9,
                lockAfter / 1e9,
                claimAfter / 1e9));
        long theirs = Long.parseLong(child.lines().get(0));
        require(taken.fencingToken() > theirs, () -> taken.fencingToken() + " after " + theirs);
        require(claimed.size() == LIMIT, () -> claimed + " claimed of " + LIMIT);
        require(
            Math.max(lockAfter, claimAfter) < soonEnough.toNanos(),
            () -> "it took longer than " + soonEnough);
      }
    }
  }

  private static <R> FutureTask<R> inBackground(Callable<R> call) {
    FutureTask<R> task = new FutureTask<>(call);
    Thread thread = new Thread(task, "waiter");
    thread.setDaemon(true);
    thread.start();
    return task;
  }
}
