package io.honker.lab.prove;

import static io.honker.lab.prove.ProofFailedException.require;

import io.honker.Honker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Eight processes, two of them the real honker, write to one file: every job is acknowledged
 * exactly once, nobody sees an error, and no Java process waits a second for the writer.
 */
final class ProcessesCase implements Case {

  private static final String QUEUE = "shared";
  private static final int PROCESSES = 8;
  private static final int DEFAULT_SECONDS = 60;

  /** That of honker's own producer. */
  private static final int DEFAULT_RATE = 500;

  private static final Duration TO_FINISH = Duration.ofMinutes(5);

  @Override
  public int rounds(Settings settings) {
    return settings.number("rounds", 1);
  }

  @Override
  public int faults(Settings settings) {
    return PROCESSES * rounds(settings);
  }

  @Override
  public void prove(Settings settings, Faults faults, Workspace workspace) throws Exception {
    String module = System.getenv("HONKER_NODE_MODULE");
    int seconds = settings.number("seconds", DEFAULT_SECONDS);
    int rate = settings.number("rate", DEFAULT_RATE);
    for (int round = 1; round <= rounds(settings); round++) {
      faults.tell(
          "round "
              + round
              + ": 4 producers and 4 workers for "
              + seconds
              + " s, up to "
              + rate
              + " enqueues a second each, "
              + (module == null ? "all of them Java" : "one of each the real honker"));
      new Round(faults, workspace, round, seconds, rate, module).run(settings.mostWaitMillis());
    }
  }

  private static final class Round {

    private final Faults faults;
    private final Workspace workspace;
    private final int round;
    private final int seconds;
    private final int rate;
    private final @Nullable String module;
    private final Path file;
    private final List<Path> ackFiles = new ArrayList<>();
    private final Map<String, Long> enqueued = new HashMap<>();
    private final List<String> problems = new ArrayList<>();
    private double longestWait;

    Round(
        Faults faults,
        Workspace workspace,
        int round,
        int seconds,
        int rate,
        @Nullable String module) {
      this.faults = faults;
      this.workspace = workspace;
      this.round = round;
      this.seconds = seconds;
      this.rate = rate;
      this.module = module;
      this.file = workspace.file("processes-" + round + ".db");
    }

    void run(int mostWaitMillis) throws Exception {
      Honker.open(file).close(); // eight at once creating the file is another matter
      List<ChildProcess> producers = new ArrayList<>();
      List<ChildProcess> workers = new ArrayList<>();
      try {
        for (int i = 1; i <= PROCESSES / 2; i++) {
          workers.add(worker(i));
        }
        for (ChildProcess worker : workers) { // or one might come when the others are done
          require(worker.awaitLines(1), () -> worker.name() + " ended" + worker.complaint());
        }
        for (int i = 1; i <= PROCESSES / 2; i++) {
          producers.add(producer(i));
        }
        for (ChildProcess producer : producers) {
          String line = producer.lastLine(TO_FINISH.plusSeconds(seconds));
          enqueued.put(producer.name(), Math.round(judge(producer, line, "enqueued")));
        }
        workers.forEach(worker -> worker.send("stop"));
        for (ChildProcess worker : workers) {
          judge(worker, worker.lastLine(TO_FINISH), "acked");
        }
      } finally {
        producers.forEach(ChildProcess::close);
        workers.forEach(ChildProcess::close);
      }
      checkFile();
      checkAcks();
      faults.tell(
          String.format(
              Locale.ROOT, "longest wait of a Java process for the writer: %.1f ms", longestWait));
      require(problems.isEmpty(), () -> String.join("; ", problems));
      require(
          longestWait < mostWaitMillis,
          () -> "a Java process waited " + longestWait + " ms for the writer");
    }

    private boolean isHonker(int number) {
      return number == 1 && module != null;
    }

    private ChildProcess producer(int number) {
      String name = "producer-" + round + "-" + number + (isHonker(number) ? "-honker" : "-java");
      return isHonker(number)
          ? node(name, "producer.js", file, QUEUE, seconds, name, rate)
          : ChildProcess.role(name, workspace, "producer", file, QUEUE, seconds, name, rate);
    }

    private ChildProcess worker(int number) {
      String name = "worker-" + round + "-" + number + (isHonker(number) ? "-honker" : "-java");
      Path acks = workspace.file(name + ".acks");
      ackFiles.add(acks);
      return isHonker(number)
          ? node(name, "worker.js", file, QUEUE, name, acks)
          : ChildProcess.role(
              name, workspace, "worker", file, QUEUE, acks, number == 2 ? "push" : "pull");
    }

    private ChildProcess node(String name, String program, Object... arguments) {
      List<String> command = new ArrayList<>(List.of("node", module + "/" + program));
      for (Object argument : arguments) {
        command.add(argument.toString());
      }
      return ChildProcess.program(name, workspace, command);
    }

    /** Returns how many jobs the process is done with. */
    private double judge(ChildProcess process, String line, String doneName) {
      faults.tell(process.name() + ": " + line);
      Map<String, Double> numbers = Report.numbers(line);
      double done = numbers.getOrDefault(doneName, 0.0);
      double errors = numbers.getOrDefault("errors", 1.0);
      double lost = numbers.getOrDefault("lost", 0.0);
      if (done == 0 || errors > 0 || lost > 0) {
        problems.add(process.name() + " says " + line);
      }
      if (process.name().endsWith("-java")) {
        longestWait = Math.max(longestWait, numbers.getOrDefault("max_wait_ms", 1e9));
      }
      faults.hit();
      return done;
    }

    private void checkFile() throws SQLException {
      try (DatabaseFile database = new DatabaseFile(file)) {
        database.checkSound();
        require(
            database.longs("SELECT id FROM _honker_live").isEmpty(), () -> "live jobs are left");
        require(database.longs("SELECT id FROM _honker_dead").isEmpty(), () -> "jobs have died");
      }
    }

    private void checkAcks() throws IOException {
      Set<String> ids = new HashSet<>();
      Map<String, Set<Long>> byProducer = new HashMap<>();
      for (Path acks : ackFiles) {
        for (String line : Files.readAllLines(acks)) {
          String[] words = line.split(" ");
          require(
              ids.add(words[0])
                  && byProducer
                      .computeIfAbsent(words[1], p -> new HashSet<>())
                      .add(Long.valueOf(words[2])),
              () -> "acknowledged twice: " + line);
        }
      }
      enqueued.forEach(
          (producer, count) -> {
            Set<Long> acked = byProducer.getOrDefault(producer, Set.of());
            require(
                acked.size() == count && acked.stream().allMatch(i -> i < count),
                () -> producer + ": " + acked.size() + " acknowledged of " + count);
          });
      faults.tell(ids.size() + " jobs, each acknowledged exactly once");
    }
  }
}
