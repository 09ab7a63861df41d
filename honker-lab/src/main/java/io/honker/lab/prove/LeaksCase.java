package io.honker.lab.prove;

import static io.honker.lab.prove.ProofFailedException.require;

import io.honker.Honker;
import java.io.IOException;
import java.time.Duration;

/**
 * Opened, used in every way and closed again and again, then used for long: no thread, file handle
 * or heap stays behind.
 */
final class LeaksCase implements Case {

  private static final int DEFAULT_CYCLES = 100;
  private static final int DEFAULT_MINUTES = 10;
  private static final int SECONDS_PER_ROUND = 3;
  private static final int WARM_UP_CYCLES = 5;
  private static final Duration WARM_UP_LOAD = Duration.ofSeconds(2);
  private static final long MOST_GROWTH_BYTES = 3_000_000;
  private static final Duration LIMIT = Duration.ofMinutes(1);

  /** A round is a cycle; without either option they are a hundred. */
  @Override
  public int rounds(Settings settings) {
    return settings.number("cycles", settings.number("rounds", DEFAULT_CYCLES));
  }

  private static Duration load(Settings settings) {
    return settings.has("rounds") && !settings.has("minutes")
        ? Duration.ofSeconds((long) SECONDS_PER_ROUND * settings.number("rounds", 0))
        : Duration.ofMinutes(settings.number("minutes", DEFAULT_MINUTES));
  }

  @Override
  public void prove(Settings settings, Faults faults, Workspace workspace) throws Exception {
    LeakCycle cycle = new LeakCycle(workspace.file("leaks.db"));
    for (int i = 1; i <= WARM_UP_CYCLES; i++) {
      cycle.run(faults.random(-i));
    }
    load(workspace, WARM_UP_LOAD);
    Footprint before = settled();
    faults.tell("after the warm-up: " + before);
    for (int i = 1; i <= rounds(settings); i++) {
      cycle.run(faults.random(i));
      faults.hit();
    }
    Footprint after = settled();
    faults.tell("after " + rounds(settings) + " cycles: " + after);
    compare(before, after);
    Duration time = load(settings);
    long jobs = load(workspace, time);
    after = settled();
    faults.tell("after " + time.toSeconds() + " s of load, " + jobs + " jobs: " + after);
    compare(before, after);
  }

  private static long load(Workspace workspace, Duration time) throws InterruptedException {
    try (Honker honker = Honker.open(workspace.file("load.db"))) {
      return new LeakLoad(honker).run(time);
    }
  }

  /** Threads that have been told to end get a moment for it. */
  private static Footprint settled() throws IOException {
    Footprint[] now = {Footprint.now()};
    boolean unused =
        Waiting.until(
            LIMIT,
            () -> {
              if (now[0].threads().isEmpty()) {
                return true;
              }
              now[0] = again();
              return now[0].threads().isEmpty();
            });
    return now[0];
  }

  private static Footprint again() {
    try {
      return Footprint.now();
    } catch (IOException e) {
      throw new ProofFailedException(e.toString());
    }
  }

  private static void compare(Footprint before, Footprint after) {
    require(after.threads().isEmpty(), () -> "threads are left: " + after.threads());
    require(
        after.files().size() <= before.files().size(),
        () -> "open files were " + before.files() + " and are " + after.files());
    require(after.deleted().isEmpty(), () -> "deleted files are open: " + after.deleted());
    long growth = after.heapBytes() - before.heapBytes();
    require(growth < MOST_GROWTH_BYTES, () -> "the heap has grown by " + growth + " bytes");
  }
}
