package io.honker.lab.prove;

import static io.honker.lab.prove.ProofFailedException.require;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/** Starts a process, kills it at a random point, looks at the file; again and again. */
final class KillRounds {

  private static final int DEFAULT_ROUNDS = 100;

  /** On a busy machine this process may be stalled for longer than a child's work lasts. */
  private static final int MOST_TRIES = 10;

  private final Settings settings;
  private final Faults faults;
  private final Workspace workspace;
  private final Map<String, Integer> killedIn = new TreeMap<>();
  private int untoldRounds;

  KillRounds(Settings settings, Faults faults, Workspace workspace) {
    this.settings = settings;
    this.faults = faults;
    this.workspace = workspace;
  }

  static int rounds(Settings settings) {
    return settings.number("rounds", DEFAULT_ROUNDS);
  }

  void run(KillScenario scenario) throws Exception {
    run(rounds(settings), scenario);
  }

  void run(int rounds, KillScenario scenario) throws Exception {
    for (int round = 1; round <= rounds; round++) {
      try {
        int tries = 1;
        while (!hits(scenario, round)) {
          int tried = tries++;
          require(tried < MOST_TRIES, () -> "the child ran out of work " + tried + " times");
        }
      } catch (ProofFailedException e) {
        throw new ProofFailedException("in round " + round + ": " + e.getMessage());
      }
      workspace.deleteNativeLibraries();
    }
    faults.tell("killed in the middle of (several threads each time): " + killedIn);
    faults.tell("killed after a commit and before the process could tell: " + untoldRounds);
  }

  /** Runs a round; false if the child had nothing left to do when it was killed. */
  private boolean hits(KillScenario scenario, int round) throws Exception {
    Random random = faults.random(round);
    Path file = scenario.before(round, random);
    KillPoint point = scenario.killPoint(round, random);
    boolean watched = random.nextBoolean() && Files.exists(file);
    Transcript transcript;
    // With an onlooker the log and its index stay; without one the next to open recovers them.
    try (AutoCloseable onlooker = watched ? new DatabaseFile(file) : () -> {};
        ChildProcess child =
            ChildProcess.role(
                "round-" + round,
                workspace,
                scenario.role(),
                file,
                round,
                faults.roundSeed(round))) {
      transcript = point.strike(child);
      checkSound(file, onlooker);
    }
    List<String> open = transcript.open().stream().map(Transcript.Step::name).sorted().toList();
    List<String> middle = open.isEmpty() ? List.of("between steps") : open;
    Set.copyOf(middle).forEach(step -> killedIn.merge(step, 1, Integer::sum));
    faults.tell(
        "round "
            + round
            + ": killed after "
            + point
            + (watched ? ", file open here, " : ", ")
            + String.join("+", middle));
    int untold = scenario.after(round, transcript);
    if (!transcript.notes("idle").isEmpty()) {
      faults.tell("round " + round + " again: the child had run out of work");
      return false;
    }
    faults.hit();
    untoldRounds += untold > 0 ? 1 : 0;
    return true;
  }

  private static void checkSound(Path file, AutoCloseable onlooker) throws SQLException {
    if (!Files.exists(file)) {
      return;
    }
    try (DatabaseFile opened = new DatabaseFile(file)) {
      opened.checkSound();
    }
    if (onlooker instanceof DatabaseFile still) {
      still.checkSound();
    }
  }
}
