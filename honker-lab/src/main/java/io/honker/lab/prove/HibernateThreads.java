package io.honker.lab.prove;

import static io.honker.lab.prove.ProofFailedException.require;
import static io.honker.lab.prove.ProofFailedException.requireSame;

import io.honker.Honker;
import io.honker.orm.HonkerOrm;
import io.honker.queue.JobQueue;
import io.honker.queue.QueueStats;
import io.honker.queue.Worker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.hibernate.cfg.AvailableSettings;

/**
 * Threads that read, add and write a few rows through Hibernate, each time with a job, beside a
 * writing process without any patience: sums exact, no errors, every job handled once, and nobody
 * starves. Prints how fast 1, 8 and 64 threads were.
 */
final class HibernateThreads implements Case {

  private static final String QUEUE = "increments";
  private static final List<Integer> THREADS = List.of(8, 64);
  private static final int TRANSACTIONS = 500;
  private static final int ALONE = 8; // times a thread's transactions, for the figure of one thread
  private static final int ROWS = 4;
  private static final int MOST_CONTESTS = 20;
  private static final Duration LIMIT = Duration.ofMinutes(10);

  @Override
  public int rounds(Settings settings) {
    return settings.number("rounds", 1);
  }

  /** A fault hits when the other process and ours have met at the lock. */
  @Override
  public int faults(Settings settings) {
    return rounds(settings) * threads(settings).size();
  }

  private static List<Integer> threads(Settings settings) {
    return settings.has("threads") ? List.of(settings.number("threads", 8)) : THREADS;
  }

  @Override
  public void prove(Settings settings, Faults faults, Workspace workspace) throws Exception {
    Path file = workspace.file("hibernate.db");
    int each = settings.number("each", TRANSACTIONS);
    try (Honker honker = Honker.open(file)) {
      honker.inTransaction(
          tx -> {
            tx.execute("CREATE TABLE contender(n INTEGER NOT NULL)");
            tx.execute("INSERT INTO contender VALUES (0)");
          });
      try (HonkerOrm orm = orm(honker);
          ChildProcess contender = ChildProcess.role("contender", workspace, "contender", file)) {
        require(contender.awaitLines(1), () -> "no contender" + contender.complaint());
        Scene scene =
            new Scene(
                orm, honker.queue(QUEUE, Long.class), contender, settings.mostWaitMillis(), faults);
        scene.contend(1, ALONE * each); // warms up
        for (int round = 1; round <= rounds(settings); round++) {
          round(scene, threads(settings), each);
        }
        contender.send("stop");
      }
    }
    try (DatabaseFile database = new DatabaseFile(file)) {
      database.checkSound();
    }
  }

  private static HonkerOrm orm(Honker honker) {
    return HonkerOrm.over(honker)
        .annotatedClasses(Counter.class)
        .property(AvailableSettings.HBM2DDL_AUTO, "update")
        .build();
  }

  private static void round(Scene scene, List<Integer> threads, int each)
      throws InterruptedException {
    Map<Integer, Double> rates = new LinkedHashMap<>();
    rates.put(1, scene.contend(1, ALONE * each));
    for (int count : threads) {
      rates.put(count, scene.contendUntilTheyMeet(count, each));
    }
    double alone = rates.getOrDefault(1, 0.0);
    rates.forEach(
        (count, rate) ->
            scene.faults.tell(
                String.format(
                    Locale.ROOT,
                    "%2d threads: %.0f transactions/s, %.2f of one thread's",
                    count,
                    rate,
                    rate / alone)));
  }

  private record Scene(
      HonkerOrm orm,
      JobQueue<Long> queue,
      ChildProcess contender,
      int mostWaitMillis,
      Faults faults) {

    /** Where processes take turns on one core, a contest may pass without a meeting at the lock. */
    double contendUntilTheyMeet(int threads, int each) throws InterruptedException {
      int hits = faults.hits();
      double rate = contend(threads, each);
      for (int i = 1; i < MOST_CONTESTS && faults.hits() == hits; i++) {
        rate = contend(threads, each);
      }
      return rate;
    }

    /** Tells how many transactions a second there were. */
    double contend(int threads, int each) throws InterruptedException {
      long total = (long) threads * each;
      reset();
      require(contender.ask("begin").equals("begun"), () -> "the other process does not begin");
      long begun = System.nanoTime();
      Queue<Exception> errors = runAll(threads, each);
      double rate = total * 1e9 / (System.nanoTime() - begun);
      String answer = contender.ask("finish");
      require(errors.isEmpty(), () -> errors.size() + " errors, the first " + errors.element());
      long sum = sum();
      faults.tell(
          threads + " threads: " + total + " transactions, sum " + sum + "; beside: " + answer);
      require(sum == total, () -> "the sum is " + sum + " of " + total);
      Map<String, Double> numbers = Report.numbers(answer);
      double wait = numbers.getOrDefault("max_wait_ms", 1e9);
      require(wait < mostWaitMillis, () -> "the other process waited " + wait + " ms");
      if (threads > 1 && numbers.getOrDefault("meetings", 0.0) > 0) {
        faults.hit();
      }
      handleAll(total);
      return rate;
    }

    private void reset() {
      orm.inTransaction(
          (session, tx) -> {
            session.createMutationQuery("delete from Counter").executeUpdate();
            for (int id = 1; id <= ROWS; id++) {
              session.persist(new Counter(id));
            }
          });
    }

    private long sum() {
      return orm
          .<List<Counter>, RuntimeException>readOnly(
              session -> session.createSelectionQuery("from Counter", Counter.class).list())
          .stream()
          .mapToLong(Counter::n)
          .sum();
    }

    private Queue<Exception> runAll(int threads, int each) throws InterruptedException {
      Queue<Exception> errors = new ConcurrentLinkedQueue<>();
      CountDownLatch go = new CountDownLatch(1);
      ExecutorService pool = Executors.newFixedThreadPool(threads);
      for (int i = 0; i < threads; i++) {
        int thread = i;
        pool.execute(
            () -> {
              try {
                go.await();
              } catch (InterruptedException e) {
                errors.add(e);
              }
              for (int k = 0; k < each; k++) {
                increment((long) thread * each + k, errors);
              }
            });
      }
      go.countDown();
      pool.shutdown();
      require(
          pool.awaitTermination(LIMIT.toSeconds(), TimeUnit.SECONDS),
          () -> "not finished after " + LIMIT);
      return errors;
    }

    private void increment(long number, Queue<Exception> errors) {
      try {
        orm.inTransaction(
            (session, tx) -> {
              session.find(Counter.class, 1 + (int) (number % ROWS)).increment();
              queue.enqueue(tx, number);
            });
      } catch (Exception e) {
        errors.add(e);
      }
    }

    /** A worker gets every job, and none twice. */
    private void handleAll(long total) {
      Queue<Long> handled = new ConcurrentLinkedQueue<>();
      try (Worker worker = queue.worker(job -> handled.add(job.payload())).concurrency(4).start()) {
        boolean done = Waiting.until(LIMIT, () -> handled.size() >= total);
        require(done && worker.isRunning(), () -> "handled " + handled.size() + " of " + total);
      }
      require(handled.size() == total, () -> "handled " + handled.size() + " of " + total);
      Set<Long> expected = LongStream.range(0, total).boxed().collect(Collectors.toSet());
      requireSame(expected, new TreeSet<>(handled), "handled jobs");
      QueueStats left = queue.stats();
      require(left.ready() + left.inFlight() == 0, () -> "left are " + left);
    }
  }
}
