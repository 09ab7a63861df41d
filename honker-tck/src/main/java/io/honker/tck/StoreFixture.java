package io.honker.tck;

import io.honker.Honker;
import io.honker.observe.HonkerObserver;
import io.honker.time.HonkerClock;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/**
 * A fresh, empty database for one test, on a clock that the test moves. Each store supplies one.
 *
 * <p>{@link #openStore} is all that a store must supply; the other protected methods belong to a
 * {@link Capability} each.
 *
 * <p>Confined to one thread, apart from {@link #advance} and what it hands out.
 *
 * @since 0.1.0
 */
public abstract class StoreFixture implements AutoCloseable {

  private final Capabilities capabilities;
  private final ManualClock clock = new ManualClock();
  private final RecordingObserver observer = new RecordingObserver();
  private final Deque<AutoCloseable> opened = new ArrayDeque<>();
  private @Nullable Honker honker;

  /**
   * Creates a fixture; nothing is opened yet.
   *
   * @param capabilities what the store can do
   */
  protected StoreFixture(Capabilities capabilities) {
    this.capabilities = Objects.requireNonNull(capabilities, "capabilities");
  }

  /**
   * Opens the database. Called again after a close by {@link #reopen}, with the same data.
   *
   * @param clock the clock to open it with
   * @param observer the observer to open it with
   * @return the open database
   */
  protected abstract Honker openStore(HonkerClock clock, HonkerObserver observer);

  /**
   * Opens the same database again as another process would: nothing in memory is shared with the
   * first. Belongs to {@link Capability#SECOND_RUNTIME}.
   *
   * @param clock the clock to open it with
   * @param observer the observer to open it with
   * @return the open database
   */
  protected Honker openSecondStore(HonkerClock clock, HonkerObserver observer) {
    throw unsupported(Capability.SECOND_RUNTIME);
  }

  /**
   * Opens a JDBC connection to the database that honker knows nothing of, in auto-commit mode and
   * patient with other writers. Belongs to {@link Capability#RAW_CONNECTION}.
   *
   * @return a new connection
   * @throws SQLException if it cannot be opened
   */
  protected Connection openRawConnection() throws SQLException {
    throw unsupported(Capability.RAW_CONNECTION);
  }

  /**
   * Makes the store fail to insert any job whose payload contains a text, such as by a trigger.
   * Belongs to {@link Capability#REFUSED_JOBS}.
   *
   * @param text what the payload contains
   * @throws SQLException if that cannot be arranged
   */
  protected void refuseJobsContaining(String text) throws SQLException {
    throw unsupported(Capability.REFUSED_JOBS);
  }

  /**
   * Returns the SQL of a table named {@code orders} with a generated key {@code id}, a text {@code
   * note} and an integer {@code total}.
   *
   * @return one CREATE TABLE statement; the default suits SQLite
   */
  protected String createOrdersSql() {
    return "CREATE TABLE orders(id INTEGER PRIMARY KEY, note VARCHAR(200), total INTEGER)";
  }

  /** Removes the database. Called once, after everything opened has been closed. */
  protected void delete() {}

  /**
   * Returns what the store can do.
   *
   * @return its capabilities
   */
  public final Capabilities capabilities() {
    return capabilities;
  }

  /**
   * Skips the running test unless the store can do something.
   *
   * @param needed what the test needs
   */
  public final void require(Capability needed) {
    Assumptions.assumeTrue(
        capabilities.has(needed), () -> "only if " + needed.meaning() + " (" + needed + ")");
  }

  /**
   * Returns the open database, opened at the first call.
   *
   * @return the database
   */
  public final Honker honker() {
    if (honker == null) {
      honker = openStore(clock, observer);
    }
    return honker;
  }

  /**
   * Returns the clock of everything that this fixture opens.
   *
   * @return the clock
   */
  public final ManualClock clock() {
    return clock;
  }

  /**
   * Returns the observer that {@link #honker()} reports to.
   *
   * @return the observer
   */
  public final RecordingObserver observer() {
    return observer;
  }

  /**
   * Moves the clock forward.
   *
   * @param time how far, not negative
   */
  public final void advance(Duration time) {
    clock.advance(time);
  }

  /**
   * Closes the database and opens it again.
   *
   * @return the database, newly opened
   */
  public final Honker reopen() {
    honker().close();
    honker = null;
    return honker();
  }

  /**
   * Opens the database once more as if in another process, or skips the test if the fixture cannot.
   *
   * @return a second runtime on the same database and clock; the fixture closes it
   */
  public final Honker openSecond() {
    require(Capability.SECOND_RUNTIME);
    Honker second = openSecondStore(clock, HonkerObserver.NONE);
    opened.push(second);
    return second;
  }

  /**
   * Opens a JDBC connection that honker knows nothing of, or skips the test if the store has none.
   *
   * @return a new connection in auto-commit mode; the fixture closes it
   * @throws SQLException if it cannot be opened
   */
  public final Connection rawConnection() throws SQLException {
    require(Capability.RAW_CONNECTION);
    Connection connection = openRawConnection();
    opened.push(connection);
    return connection;
  }

  /** Closes everything in the reverse order of opening, then removes the database. */
  @Override
  public final void close() throws Exception {
    Exception first = null;
    if (honker != null) {
      opened.addLast(honker);
      honker = null;
    }
    opened.addLast(this::delete);
    for (AutoCloseable next : opened) {
      try {
        next.close();
      } catch (Exception e) {
        if (first == null) {
          first = e;
        } else {
          first.addSuppressed(e);
        }
      }
    }
    opened.clear();
    if (first != null) {
      throw first;
    }
  }

  private static UnsupportedOperationException unsupported(Capability capability) {
    return new UnsupportedOperationException(
        "this fixture claims " + capability + " and does not implement it");
  }
}
