package io.honker.lab.functions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.honker.tck.Rule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The same random calls on two files, one through the real honker and one through our command line
 * tool; every answer and all tables must be the same.
 *
 * <p>Both processes read the same clock, in whole seconds. Calls start early enough in a second to
 * end in it, as a rule. When one did not, the two may have seen different seconds: its answers are
 * not compared, and if it left different tables behind, the round is thrown away. So all other
 * times are compared exactly.
 */
class FunctionDifferentialTest {

  /** More with -Dhonker.rounds=N. */
  private static final int ROUNDS = Integer.getInteger("honker.rounds", 40);

  private static final int CALLS = 300;
  private static final int CALLS_AFTER_SWAP = 400;
  private static final int SPOILT_AT_MOST = 100;

  /** How much of a second calls may begin in, at first and at least. */
  private static final int LONG_ROOM_MILLIS = 930;

  private static final int SHORT_ROOM_MILLIS = 130;

  private static final List<String> TABLES =
      List.of(
          "_honker_notifications(id, channel, payload, created_at)",
          "_honker_live(id, queue, payload, state, priority, run_at, worker_id, claim_expires_at,"
              + " attempts, max_attempts, created_at, expires_at)",
          "_honker_dead(id, queue, payload, priority, run_at, attempts, max_attempts, last_error,"
              + " created_at, died_at)",
          "_honker_locks(name, owner, expires_at)",
          "_honker_rate_limits(name, window_start, count)",
          "_honker_scheduler_tasks(name, queue, cron_expr, payload, priority, expires_s,"
              + " next_fire_at, enabled, max_attempts)",
          "_honker_results(job_id, value, created_at, expires_at)",
          "_honker_stream(offset, topic, key, payload, created_at)",
          "_honker_stream_consumers(name, topic, offset)",
          "sqlite_sequence(name, seq)");

  @TempDir private Path folder;

  /** Another one each time; the one of a failed run with -Dhonker.seed=N. */
  private final long seed = Long.getLong("honker.seed", new Random().nextLong());

  private Path driver;
  private Side honker;
  private Side ours;

  private final List<String> history = new ArrayList<>();
  private int failures;

  /** Whether the two sides differ because a second ended while a call of this round was running. */
  private boolean spoilt;

  private int roomMillis = LONG_ROOM_MILLIS;

  @BeforeEach
  void findHonker() {
    System.out.println("-Dhonker.seed=" + seed);
    driver = root().resolve("honker-lab/node/driver.js");
    boolean there = Files.isDirectory(driver.resolveSibling("node_modules"));
    if ("true".equals(System.getenv("CI"))) {
      assertThat(there).as("bin/honker-node installs the real honker").isTrue();
    }
    assumeTrue(there, "the real honker is not installed; bin/honker-node does it");
  }

  private static Path root() {
    Path here = Path.of("").toAbsolutePath();
    while (!Files.isDirectory(here.resolve("honker-tck"))) {
      here = here.getParent();
    }
    return here;
  }

  @Test
  void operations_callEveryFunction() {
    assertThat(Operations.names()).hasSize(34);
  }

  @Rule(id = "F-6")
  void randomCalls_answerAndWriteWhatHonkerDoes() throws Exception {
    open("honker.db", "ours.db");
    try {
      int discarded = 0;
      for (int round = 0; round < ROUNDS; round++) {
        if (!passed(round + discarded, CALLS)) {
          round--;
          discarded++;
          assertThat(discarded).as("rounds in which a second ended").isLessThan(SPOILT_AT_MOST);
        }
      }
    } finally {
      closeBoth();
    }
    assertThat(failures).as("calls that failed on both sides").isGreaterThan(ROUNDS);
  }

  @Rule(id = "F-6")
  void randomCalls_onEachOthersFiles_goOnAlike() throws Exception {
    boolean passed = false;
    for (int attempt = 0; !passed; attempt++) {
      assertThat(attempt).as("attempts in which a second ended").isLessThan(SPOILT_AT_MOST);
      open("honker-" + attempt + ".db", "ours-" + attempt + ".db");
      Operations operations = new Operations(seed + 1000 + attempt);
      begin(attempt);
      run(operations, CALLS);
      closeBoth();

      open("ours-" + attempt + ".db", "honker-" + attempt + ".db");
      run(operations, CALLS_AFTER_SWAP);
      compareTables();
      closeBoth();
      passed = !spoilt;
    }
  }

  // ---- rounds

  private void open(String honkersFile, String ourFile) throws IOException {
    honker = Side.honker(driver, folder.resolve(honkersFile));
    ours = Side.ours(folder.resolve(ourFile));
    same("SELECT honker_bootstrap() AS r");
  }

  private void closeBoth() throws IOException {
    honker.close();
    ours.close();
  }

  /** Runs one round on empty tables; false if it must be repeated. */
  private boolean passed(int round, int calls) throws Exception {
    begin(round);
    for (String table : TABLES) {
      same("DELETE FROM " + name(table) + " RETURNING 1 AS r");
    }
    run(new Operations(seed + round), calls);
    compareTables();
    return !spoilt;
  }

  private void begin(int round) {
    history.clear();
    history.add("-- seed " + seed + ", round " + round);
    spoilt = false;
  }

  private void run(Operations operations, int calls) throws Exception {
    for (int i = 0; i < calls && !spoilt; i++) {
      same(operations.next());
    }
  }

  private void compareTables() throws Exception {
    for (String table : TABLES) {
      if (!spoilt) {
        same(contents(table));
      }
    }
  }

  /** Every column with its type; REAL with as many digits as every version of SQLite prints. */
  private static String contents(String table) {
    StringBuilder columns = new StringBuilder();
    String list = table.substring(table.indexOf('(') + 1, table.length() - 1);
    for (String column : list.split(", ")) {
      columns
          .append(columns.length() == 0 ? "" : " || ' ' || ")
          .append("CASE typeof(%1$s) WHEN 'real' THEN printf('%%.9e', %1$s)".formatted(column))
          .append(" ELSE quote(%s) END".formatted(column));
    }
    return "SELECT " + columns + " AS r FROM " + name(table) + " ORDER BY 1";
  }

  private static String name(String table) {
    return table.substring(0, table.indexOf('('));
  }

  // ---- one statement

  private void same(String sql) throws IOException {
    awaitRoom();
    history.add(sql);
    long second = second();
    Answer[] answers = both(sql);
    if (second() != second) {
      if (differs()) {
        spoilt = true;
        roomMillis = Math.max(SHORT_ROOM_MILLIS, roomMillis - 100); // calls are slow here
      }
      return;
    }
    if (answers[0].failed() && answers[1].failed()) {
      failures++;
    }
    if (!answers[0].equals(answers[1])) {
      throw new AssertionError(
          "%s%n  honker: %s%n  ours:   %s%nafter:%n%s"
              .formatted(sql, answers[0], answers[1], String.join(";\n", recent())));
    }
  }

  private boolean differs() throws IOException {
    for (String table : TABLES) {
      Answer[] answers = both(contents(table));
      if (!answers[0].equals(answers[1])) {
        return true;
      }
    }
    return false;
  }

  private Answer[] both(String sql) throws IOException {
    honker.ask(sql);
    ours.ask(sql);
    return new Answer[] {honker.answer(), ours.answer()};
  }

  private static long second() {
    return System.currentTimeMillis() / 1000;
  }

  private List<String> recent() {
    return history.size() <= 400 ? history : history.subList(history.size() - 400, history.size());
  }

  /** Near its end a second is not begun any more. */
  private void awaitRoom() {
    while (System.currentTimeMillis() % 1000 >= roomMillis) {
      Thread.onSpinWait();
    }
  }
}
