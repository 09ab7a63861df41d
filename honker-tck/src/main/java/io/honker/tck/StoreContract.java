package io.honker.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.honker.Honker;
import io.honker.queue.Job;
import io.honker.queue.JobQueue;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** What all contracts share: one fresh store per test, and words to speak about it. */
@ExtendWith(NoSurvivingThreads.class)
@Timeout(180)
abstract class StoreContract {

  /** Longer than any test lets virtual time pass. */
  static final Duration LONG = Duration.ofDays(1);

  /** The longest wait that can be asked for: further than any instant reaches. */
  static final Duration ENDLESS = ChronoUnit.FOREVER.getDuration();

  /** How long a test may take before the kit lets virtual time run to free whoever waits for it. */
  private static final Duration HUNG = Duration.ofSeconds(300);

  private final List<Background<?>> background = new ArrayList<>();
  private final CountDownLatch ended = new CountDownLatch(1);
  private final AtomicBoolean hung = new AtomicBoolean();
  StoreFixture store;
  Honker honker;

  /**
   * Makes a fresh, empty store. Called once or twice per test, which closes what it was given.
   *
   * @return a new fixture
   */
  protected abstract StoreFixture newStore();

  @BeforeEach
  void openStore() {
    store = newStore();
    honker = store.honker();
    Thread watchdog = new Thread(this::freeIfHung, "tck-watchdog");
    watchdog.setDaemon(true);
    watchdog.start();
  }

  /** How long a test of this contract may take. */
  Duration hungAfter() {
    return HUNG;
  }

  /** A failed test may leave something that waits for a virtual time that never comes. */
  private void freeIfHung() {
    try {
      boolean inTime = ended.await(hungAfter().toMillis(), TimeUnit.MILLISECONDS);
      while (!inTime) {
        hung.set(true);
        store.advance(Duration.ofHours(1));
        inTime = ended.await(100, TimeUnit.MILLISECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @AfterEach
  void closeStore() throws Exception {
    try {
      for (Background<?> call : background) {
        call.stop();
      }
      store.close();
    } finally {
      ended.countDown();
    }
    assertThat(hung).as("the test waited for a virtual time that never came").isFalse();
  }

  /** The queue that most tests use. */
  JobQueue<String> jobs() {
    return honker.queue("jobs", String.class);
  }

  /** Claims a job that must be there. */
  static <T> Job<T> claimOne(JobQueue<T> queue) {
    return queue.claim().orElseThrow(() -> new AssertionError("nothing to claim"));
  }

  static <T> List<T> payloads(List<Job<T>> jobs) {
    return jobs.stream().map(Job::payload).toList();
  }

  void createOrders() {
    honker.inTransaction(tx -> tx.execute(store.createOrdersSql()));
  }

  /** The committed notes in the table orders, in order of id. */
  List<String> orders() {
    return honker.read(StoreContract::orders);
  }

  static List<String> orders(Connection connection) throws SQLException {
    try (PreparedStatement select =
            connection.prepareStatement("SELECT note FROM orders ORDER BY id");
        ResultSet rows = select.executeQuery()) {
      List<String> notes = new ArrayList<>();
      while (rows.next()) {
        notes.add(rows.getString(1));
      }
      return notes;
    }
  }

  static int insertOrder(Connection connection, String note) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement("INSERT INTO orders(note) VALUES (?)")) {
      insert.setString(1, note);
      return insert.executeUpdate();
    }
  }

  Instant now() {
    return store.clock().now();
  }

  long nowSecond() {
    return now().getEpochSecond();
  }

  void advance(Duration time) {
    store.advance(time);
  }

  void advanceSeconds(long seconds) {
    store.advance(Duration.ofSeconds(seconds));
  }

  /** Moves the clock step by step until something has happened. */
  void advanceUntil(Duration step, String description, BooleanSupplier condition) {
    Eventually.awaitTrue(
        () -> description,
        () -> {
          if (condition.getAsBoolean()) {
            return true;
          }
          advance(step);
          return false;
        });
  }

  /** Runs a call on a thread of its own, which ends with the test. */
  <R extends @Nullable Object> Background<R> inBackground(Callable<R> call) {
    Background<R> started = new Background<>("test-background-" + background.size(), call);
    background.add(started);
    return started;
  }

  /**
   * Opens a transaction on a thread of its own and keeps it open until the latch is counted down.
   */
  Background<@Nullable Void> holdWriter(CountDownLatch until) throws InterruptedException {
    CountDownLatch open = new CountDownLatch(1);
    Background<@Nullable Void> holder =
        inBackground(
            () -> {
              honker.inTransaction(
                  tx -> {
                    open.countDown();
                    awaitLatch(until);
                  });
              return null;
            });
    awaitLatch(open);
    return holder;
  }

  static void awaitLatch(CountDownLatch latch) throws InterruptedException {
    if (!latch.await(Eventually.limit().toMillis(), TimeUnit.MILLISECONDS)) {
      throw new AssertionError("the latch was never counted down");
    }
  }

  /** Runs a query on a connection that honker knows nothing of. */
  List<Row> rawQuery(String sql, @Nullable Object... parameters) throws SQLException {
    try (Connection raw = store.rawConnection();
        PreparedStatement query = raw.prepareStatement(sql)) {
      bind(query, parameters);
      try (ResultSet rows = query.executeQuery()) {
        List<Row> result = new ArrayList<>();
        while (rows.next()) {
          result.add(Row.of(rows));
        }
        return result;
      }
    }
  }

  /** Commits one statement on a connection that honker knows nothing of. */
  int rawExecute(String sql, @Nullable Object... parameters) throws SQLException {
    try (Connection raw = store.rawConnection();
        PreparedStatement statement = raw.prepareStatement(sql)) {
      bind(statement, parameters);
      return statement.executeUpdate();
    }
  }

  private static void bind(PreparedStatement statement, @Nullable Object[] parameters)
      throws SQLException {
    for (int i = 0; i < parameters.length; i++) {
      statement.setObject(i + 1, parameters[i]);
    }
  }
}
