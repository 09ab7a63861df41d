package io.honker.sqlite.internal;

import io.honker.error.HonkerException;
import io.honker.error.NestedWriteException;
import io.honker.error.StoreSchemaException;
import io.honker.error.StoreUnavailableException;
import io.honker.observe.HonkerEvent;
import io.honker.runtime.store.BridgeStore;
import io.honker.runtime.store.GroupStore;
import io.honker.runtime.store.JobStore;
import io.honker.runtime.store.JoinedConnection;
import io.honker.runtime.store.LockStore;
import io.honker.runtime.store.NotificationStore;
import io.honker.runtime.store.RateStore;
import io.honker.runtime.store.ResultStore;
import io.honker.runtime.store.ScheduleStore;
import io.honker.runtime.store.Store;
import io.honker.runtime.store.StoreConnection;
import io.honker.runtime.store.StoreFunction;
import io.honker.runtime.store.StoreTransaction;
import io.honker.runtime.store.StreamStore;
import io.honker.runtime.store.WriteOperation;
import io.honker.time.HonkerClock;
import io.honker.time.SystemClock;
import io.honker.tx.ReadFunction;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The store over one SQLite file. */
public final class SqliteStore implements Store {

  private static final Logger LOG = LoggerFactory.getLogger("io.honker.sqlite");
  private static final long IDENTITY_CHECK_NANOS = 1_000_000_000;

  private final SqliteLocation location;
  private final String version;
  private final String databaseId;
  private final SqliteFailures failures;
  private final StoreConnection writer;
  private final WriteLane lane;
  private final DurableWrites durableWrites;
  private final ReaderPool readers;
  private final CommitWatcher watcher;
  private final ForeignCommits foreignCommits = new ForeignCommits();
  private final FileIdentity identity;
  private final Consumer<HonkerEvent> observer;
  private final JoinedConnections joined;
  private final JobStore jobs = new SqliteJobs();
  private final ResultStore results = new SqliteResults();
  private final ScheduleStore schedules = new SqliteSchedules();
  private final LockStore locks = new SqliteLocks();
  private final RateStore rates = new SqliteRates();
  private final StreamStore streams = new SqliteStreams();
  private final GroupStore groups = new SqliteGroups();
  private final NotificationStore notifications = new SqliteNotifications();
  private final BridgeStore bridges = new SqliteBridges();
  private final DataSource dataSource;
  private volatile boolean replaced;
  private volatile long identityCheckedAt;

  /** What opening has found. */
  private record Opened(
      FileIdentity identity, Connection writing, String version, String databaseId) {}

  private SqliteStore(
      SqliteLocation location,
      SqliteConnections connections,
      Consumer<HonkerEvent> observer,
      Opened opened) {
    Path file = location.realPath();
    SqliteSettings settings = connections.settings();
    String name = String.valueOf(file.getFileName());
    this.location = location;
    this.version = opened.version();
    this.databaseId = opened.databaseId();
    this.observer = guarded(observer);
    this.failures = new SqliteFailures(file.toString());
    this.identity = opened.identity();
    this.writer = new StoreConnection(opened.writing());
    this.lane =
        new WriteLane(
            writer,
            failures,
            settings.writerTimeout(),
            this.observer,
            foreignCommits,
            "honker-lane-" + name);
    this.durableWrites = new DurableWrites(lane, failures, settings.synchronous());
    this.readers =
        new ReaderPool(connections, failures, settings.readers(), settings.writerTimeout());
    this.watcher =
        new CommitWatcher(
            file,
            "honker-watch-" + name,
            lane::probe,
            lane::ownCommits,
            lane::isTaken,
            this::checkIdentity,
            this.observer);
    this.joined = new JoinedConnections(file);
    this.dataSource =
        new RoutedDataSource(
            lane,
            readers,
            foreignCommits::announce,
            this::refuseIfUnusable,
            settings.maxWriterHold());
  }

  /** Opens the file, prepares its schema, and starts what the store needs. */
  public static SqliteStore open(
      SqliteLocation location,
      SqliteSettings settings,
      HonkerClock clock,
      Consumer<HonkerEvent> observer) {
    Path file = location.realPath();
    SqliteFailures failures = new SqliteFailures(file.toString());
    SqliteConnections connections = new SqliteConnections(file, settings, clock);
    FileIdentity identity =
        new FileIdentity(file); // before: else a replacement meanwhile is missed
    Connection writing = null;
    try {
      writing = connections.openWriter();
      String version = checkedVersion(writing);
      String databaseId = new Schema(writing, identity).prepare();
      Opened opened = new Opened(identity, writing, version, databaseId);
      return new SqliteStore(location, connections, observer, opened);
    } catch (SQLException e) {
      QuietClose.close(writing);
      HonkerException failure = failures.translate("opening", e);
      throw failure;
    } catch (RuntimeException e) {
      QuietClose.close(writing);
      throw e;
    }
  }

  private static String checkedVersion(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT sqlite_version()")) {
      row.next();
      String version = row.getString(1);
      if (SqliteVersion.of(version).compareTo(SqliteVersion.OLDEST_SAFE) < 0) {
        throw new StoreSchemaException(
            "SQLite "
                + version
                + " can corrupt files in WAL mode (the WAL-reset fault, fixed in "
                + SqliteVersion.OLDEST_SAFE
                + "); use sqlite-jdbc "
                + SqliteVersion.OLDEST_SAFE
                + ".0 or newer",
            null);
      }
      return version;
    }
  }

  private static Consumer<HonkerEvent> guarded(Consumer<HonkerEvent> observer) {
    return event -> {
      try {
        observer.accept(event);
      } catch (RuntimeException e) {
        LOG.warn("the observer threw; the event is lost", e);
      }
    };
  }

  @Override
  public String description() {
    return "sqlite " + version;
  }

  @Override
  public String databaseId() {
    return databaseId;
  }

  @Override
  public String location() {
    return location.given();
  }

  @Override
  public long sizeBytes() {
    return size(location.realPath());
  }

  @Override
  public long walBytes() {
    return size(Path.of(location.realPath() + "-wal"));
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      return 0;
    }
  }

  // ---- reading and writing

  /** Fails if this thread must not ask for the writer. */
  private void refuseIfUnusable() {
    checkUsable();
    joined.refuseIfJoinedByThisThread();
  }

  @Override
  @SuppressWarnings("NullAway") // javac 17 does not read annotated bounds from class files
  public <R extends @Nullable Object> R write(WriteOperation<R> operation) {
    refuseIfUnusable();
    return lane.execute(operation);
  }

  @Override
  public boolean isHeldByThisThread() {
    return lane.isHeldByThisThread();
  }

  @Override
  @SuppressWarnings("NullAway") // javac 17 does not read annotated bounds from class files
  public <R extends @Nullable Object> R writeDurably(WriteOperation<R> operation) {
    refuseIfUnusable();
    return durableWrites.run(operation);
  }

  @Override
  public StoreTransaction begin() {
    refuseIfUnusable();
    return LaneTransaction.begin(lane, failures);
  }

  @Override
  @SuppressWarnings("NullAway") // javac 17 does not read annotated bounds from class files
  public <R extends @Nullable Object> R read(StoreFunction<R> function) {
    checkUsable();
    return readers.read(function);
  }

  @Override
  @SuppressWarnings("NullAway") // javac 17 does not read annotated bounds from class files
  public <R extends @Nullable Object> R readForApplication(ReadFunction<R> work) {
    checkUsable();
    try (Connection connection = dataSource.getConnection()) {
      connection.setReadOnly(true);
      connection.setAutoCommit(false);
      return work.apply(connection);
    } catch (SQLException e) {
      throw failures.translateRead(e);
    }
  }

  @Override
  public JoinedConnection join(Connection connection) {
    checkUsable();
    try {
      if (lane.isHeldByThisThread() && JoinedConnections.routed(connection) == null) {
        throw new NestedWriteException(
            "this thread holds the database's only writer already; end that transaction before"
                + " joining another connection",
            null);
      }
      return joined.join(connection, lane);
    } catch (SQLException e) {
      throw failures.translate("joining a connection", e);
    }
  }

  @Override
  public long lastInsertId(StoreConnection connection) throws SQLException {
    try (ResultSet row = connection.statement("SELECT last_insert_rowid()").executeQuery()) {
      row.next();
      return row.getLong(1);
    }
  }

  @Override
  public HonkerException failure(String doing, SQLException cause) {
    return failures.translate(doing, cause);
  }

  @Override
  public JobStore jobs() {
    return jobs;
  }

  @Override
  public ResultStore results() {
    return results;
  }

  @Override
  public ScheduleStore schedules() {
    return schedules;
  }

  @Override
  public LockStore locks() {
    return locks;
  }

  @Override
  public RateStore rates() {
    return rates;
  }

  @Override
  public StreamStore streams() {
    return streams;
  }

  @Override
  public GroupStore groups() {
    return groups;
  }

  @Override
  public NotificationStore notifications() {
    return notifications;
  }

  @Override
  public BridgeStore bridges() {
    return bridges;
  }

  @Override
  public DataSource dataSource() {
    return dataSource;
  }

  // ---- watching

  @Override
  public void onForeignCommit(Runnable listener) {
    foreignCommits.onCommit(listener);
  }

  @Override
  public void watchCommits(boolean someoneWaits) {
    if (someoneWaits && foreignCommits.isWatched()) {
      lane.probe(); // tells those who wait already; whoever is about to wait begins after it
    } else if (someoneWaits) {
      lane.takeBaseline();
    }
    foreignCommits.watched(someoneWaits);
    watcher.watch(someoneWaits);
  }

  /** Looks about once a second, at the next use, whether the file is still the one we opened. */
  private void checkUsable() {
    long now = SystemClock.instance().nanoTime();
    if (now - identityCheckedAt > IDENTITY_CHECK_NANOS) {
      identityCheckedAt = now;
      checkIdentity();
    }
    if (replaced) {
      throw new StoreUnavailableException(
          location.realPath()
              + " was replaced or removed while it was open; close this Honker and open the file"
              + " again",
          null);
    }
  }

  private void checkIdentity() {
    if (!replaced && identity.isReplaced()) {
      replaced = true;
      observer.accept(new HonkerEvent.FileReplaced(location.realPath().toString()));
      foreignCommits.announce();
    }
  }

  // ---- end

  @Override
  public void close() {
    watcher.close();
    lane.close();
    readers.close();
    QuietClose.close(writer);
    QuietClose.close(writer.jdbc());
  }
}
