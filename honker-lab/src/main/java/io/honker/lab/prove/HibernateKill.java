package io.honker.lab.prove;

import static io.honker.lab.prove.ProofFailedException.require;
import static io.honker.lab.prove.ProofFailedException.requireSame;
import static io.honker.lab.prove.ProofFailedException.requireWithin;

import io.honker.Honker;
import io.honker.codec.Json;
import io.honker.orm.HonkerOrm;
import io.honker.queue.Job;
import io.honker.queue.JobQueue;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

/**
 * Killed in the middle of Hibernate's transactions: every entity has its job and every job its
 * entity, none is of a transaction that rolled back, and what was reported as committed is there.
 */
final class HibernateKill implements Case {

  static final String QUEUE = "orders";
  static final String GOOD = "good";

  private static final int DEFAULT_ROUNDS = 200;
  private static final int MOST_LINES = 400;

  @Override
  public int rounds(Settings settings) {
    return settings.number("rounds", DEFAULT_ROUNDS);
  }

  @Override
  public void prove(Settings settings, Faults faults, Workspace workspace) throws Exception {
    Path file = workspace.file("hibernate.db");
    try (Honker honker = Honker.open(file);
        HonkerOrm orm = HibernateRole.orm(honker)) {
      orm.readOnly(session -> session.find(KilledOrder.class, "none"));
    }
    new KillRounds(settings, faults, workspace).run(rounds(settings), new Scenario(file));
  }

  private record Scenario(Path file) implements KillScenario {

    @Override
    public String role() {
      return "hibernate";
    }

    @Override
    public Path before(int round, Random random) {
      return file;
    }

    @Override
    public KillPoint killPoint(int round, Random random) {
      return KillPoint.random(random, MOST_LINES);
    }

    @Override
    public int after(int round, Transcript transcript) throws SQLException {
      Set<String> orders;
      List<String> jobs = new ArrayList<>();
      try (DatabaseFile database = new DatabaseFile(file)) {
        orders = new TreeSet<>(database.texts("SELECT id FROM killed_orders"));
        database
            .texts("SELECT payload FROM _honker_live")
            .forEach(payload -> jobs.add(payload.substring(1, payload.length() - 1)));
      }
      Set<String> ofJobs = new TreeSet<>(jobs);
      require(ofJobs.size() == jobs.size(), () -> "two jobs of one order in " + jobs);
      requireSame(orders, ofJobs, "jobs of entities");
      orders.forEach(
          key -> require(key.startsWith(GOOD + ":" + round + ":"), () -> key + " is there"));
      Set<String> committed = keys(transcript, "commit");
      requireWithin(committed, orders, "reported commits are not there");
      int acked = drain(orders);
      require(acked == orders.size(), () -> acked + " acknowledged of " + orders.size());
      return orders.size() - committed.size();
    }

    private static Set<String> keys(Transcript transcript, String step) {
      Set<String> keys = new TreeSet<>();
      transcript.ended(step).forEach(ended -> keys.add(ended.what()));
      return keys;
    }

    /** The next process claims each job, and it is that of an entity. */
    private int drain(Set<String> orders) {
      Set<String> claimed = new HashSet<>();
      try (Honker honker = Honker.open(file)) {
        JobQueue<Json> queue = honker.queue(QUEUE, Json.class);
        for (List<Job<Json>> jobs = queue.claim(500); !jobs.isEmpty(); jobs = queue.claim(500)) {
          jobs.forEach(job -> claimed.add(job.payload().text().replace("\"", "")));
          queue.ackAll(jobs);
        }
        honker.inTransaction(tx -> tx.execute("DELETE FROM killed_orders"));
      }
      requireSame(orders, claimed, "claimed jobs");
      return claimed.size();
    }
  }
}
