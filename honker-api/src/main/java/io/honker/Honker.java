package io.honker;

import io.honker.bridge.Bridges;
import io.honker.channel.Channel;
import io.honker.channel.Notifications;
import io.honker.codec.PayloadCodec;
import io.honker.codec.TypeRef;
import io.honker.error.HonkerConfigurationException;
import io.honker.internal.ProviderDiscovery;
import io.honker.lock.Locks;
import io.honker.lock.RateLimit;
import io.honker.lock.RateLimiter;
import io.honker.observe.HonkerObserver;
import io.honker.queue.JobQueue;
import io.honker.queue.JobResults;
import io.honker.queue.QueueOptions;
import io.honker.schedule.Scheduler;
import io.honker.spi.LocatedProvider;
import io.honker.stream.EventStream;
import io.honker.task.TaskQueue;
import io.honker.time.HonkerClock;
import io.honker.time.SystemClock;
import io.honker.tx.CommitWatch;
import io.honker.tx.JoinedTransaction;
import io.honker.tx.ReadFunction;
import io.honker.tx.TransactionFunction;
import io.honker.tx.TransactionWork;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * One open database: transactions, queues, results, and a {@link DataSource} for everything that
 * speaks JDBC.
 *
 * <pre>{@code
 * try (Honker honker = Honker.open("app.db")) {
 *   JobQueue<Email> emails = honker.queue("emails", Email.class);
 *   honker.inTransaction(tx -> {
 *     tx.execute("INSERT INTO orders(user_id, total) VALUES (?, ?)", 42, 9900);
 *     emails.enqueue(tx, new Email("alice@example.com"));
 *   });
 *   try (Worker worker = emails.worker(job -> send(job.payload())).concurrency(4).start()) {
 *     ...
 *   }
 * }
 * }</pre>
 *
 * <p>Safe for use by multiple threads. Opening a file that this JVM has open already gives the same
 * runtime, counted by reference: the last {@link #close} ends it (rule F-8).
 *
 * <p>Threads, all daemons and all joined by the last {@code close}: {@code honker-lane-<file>}
 * writes when callers queue up; {@code honker-watch-<file>} notices other processes' commits and
 * exists only while somebody waits. Each started worker adds its own, see {@link
 * io.honker.queue.Worker}.
 *
 * @since 0.1.0
 */
public interface Honker extends AutoCloseable {

  /**
   * Opens a database with default options and creates it if it is missing.
   *
   * @param location a path such as {@code app.db} or a URL such as {@code jdbc:sqlite:app.db},
   *     never null
   * @return the open database; close it
   * @throws io.honker.error.HonkerConfigurationException if no store, or more than one, takes the
   *     location
   * @throws io.honker.error.StoreUnavailableException if the file cannot be opened (rule F-7)
   * @throws io.honker.error.StoreSchemaException if a newer version wrote the file (rule F-4)
   */
  static Honker open(String location) {
    return builder(location).open();
  }

  /**
   * Opens a database file with default options and creates it if it is missing.
   *
   * @param file the file, never null
   * @return the open database; close it
   * @see #open(String)
   */
  static Honker open(Path file) {
    return builder(file.toString()).open();
  }

  /**
   * Starts setting options.
   *
   * @param location a path or URL, as for {@link #open(String)}
   * @return a new builder
   */
  static Builder builder(String location) {
    return new Builder(location);
  }

  /**
   * Returns the handle of a queue with default options. Costs nothing; the queue needs no creation.
   *
   * @param name the queue's name, not blank
   * @param type the payload type; {@link io.honker.codec.Json} for raw documents
   * @param <T> the payload type
   * @return a handle, safe for use by multiple threads
   */
  default <T> JobQueue<T> queue(String name, Class<T> type) {
    return queue(name, type, QueueOptions.defaults());
  }

  /**
   * Returns the handle of a queue. Options belong to the handle: two handles of one queue may
   * differ.
   *
   * @param name the queue's name, not blank
   * @param type the payload type; {@link io.honker.codec.Json} for raw documents
   * @param options visibility timeout and other defaults of this handle
   * @param <T> the payload type
   * @return a handle, safe for use by multiple threads
   */
  default <T> JobQueue<T> queue(String name, Class<T> type, QueueOptions options) {
    return queue(name, TypeRef.of(type), options);
  }

  /**
   * Returns the handle of a queue with default options and a generic payload type.
   *
   * @param name the queue's name, not blank
   * @param type the payload type
   * @param <T> the payload type
   * @return a handle, safe for use by multiple threads
   */
  default <T> JobQueue<T> queue(String name, TypeRef<T> type) {
    return queue(name, type, QueueOptions.defaults());
  }

  /**
   * Returns the handle of a queue. Options belong to the handle: two handles of one queue may
   * differ.
   *
   * @param name the queue's name, not blank
   * @param type the payload type
   * @param options visibility timeout and other defaults of this handle
   * @param <T> the payload type
   * @return a handle, safe for use by multiple threads
   */
  <T> JobQueue<T> queue(String name, TypeRef<T> type, QueueOptions options);

  /**
   * Returns a delivery queue: messages that a worker hands to somebody outside, with patience (rule
   * It is the queue {@code _outbox:<name>} with {@link QueueOptions#delivery}, shared with
   * honker's outbox helper; its workers take the delivering function as their handler.
   *
   * @param name the delivery queue's name, not blank
   * @param type the payload type
   * @param <T> the payload type
   * @return a handle, safe for use by multiple threads
   */
  default <T> JobQueue<T> deliveryQueue(String name, TypeRef<T> type) {
    Objects.requireNonNull(name, "name");
    if (name.isBlank()) {
      throw new IllegalArgumentException("a delivery queue's name must not be blank");
    }
    return queue("_outbox:" + name, type, QueueOptions.delivery());
  }

  /**
   * Returns a delivery queue of plain payloads.
   *
   * @param name the delivery queue's name, not blank
   * @param type the payload type; {@link io.honker.codec.Json} for raw documents
   * @param <T> the payload type
   * @return a handle, safe for use by multiple threads
   * @see #deliveryQueue(String, TypeRef)
   */
  default <T> JobQueue<T> deliveryQueue(String name, Class<T> type) {
    return deliveryQueue(name, TypeRef.of(type));
  }

  /**
   * Returns the names of the queues that hold a job, live or dead.
   *
   * @return a snapshot in alphabetical order
   */
  List<String> queues();

  /**
   * Returns the results that handlers left behind (rule Q-11).
   *
   * @return the results of all queues
   */
  JobResults results();

  /**
   * Returns the handle of an event stream's topic. Costs nothing; the topic needs no creation.
   *
   * @param topic the topic, not blank
   * @param type the payload type; {@link io.honker.codec.Json} for raw documents
   * @param <T> the payload type
   * @return a handle, safe for use by multiple threads
   */
  default <T> EventStream<T> stream(String topic, Class<T> type) {
    return stream(topic, TypeRef.of(type));
  }

  /**
   * Returns the handle of an event stream's topic with a generic payload type.
   *
   * @param topic the topic, not blank
   * @param type the payload type
   * @param <T> the payload type
   * @return a handle, safe for use by multiple threads
   */
  <T> EventStream<T> stream(String topic, TypeRef<T> type);

  /**
   * Returns the topics that hold an event.
   *
   * @return a snapshot in alphabetical order
   */
  List<String> topics();

  /**
   * Returns the handle of a notification channel. Costs nothing; the channel needs no creation.
   *
   * @param name the channel's name, not blank
   * @param type the payload type; {@link io.honker.codec.Json} for raw documents
   * @param <T> the payload type
   * @return a handle, safe for use by multiple threads
   */
  default <T> Channel<T> channel(String name, Class<T> type) {
    return channel(name, TypeRef.of(type));
  }

  /**
   * Returns the handle of a notification channel with a generic payload type.
   *
   * @param name the channel's name, not blank
   * @param type the payload type
   * @param <T> the payload type
   * @return a handle, safe for use by multiple threads
   */
  <T> Channel<T> channel(String name, TypeRef<T> type);

  /**
   * Returns the stored notifications of all channels, to count and prune them.
   *
   * @return the notifications
   */
  Notifications notifications();

  /**
   * Returns the recurring jobs (rules C-1 to C-6).
   *
   * @return the scheduler
   */
  Scheduler scheduler();

  /**
   * Returns the bridges to other machines (rules B-2 to B-6).
   *
   * @return the bridges
   */
  Bridges bridges();

  /**
   * Returns the named locks (rule L-1).
   *
   * @return the locks
   */
  Locks locks();

  /**
   * Returns a rate limiter. Costs nothing; limiters of one name, kind and {@link RateLimit#per}
   * count together, in all processes (rule L-2).
   *
   * @param name the name under which uses are counted, not blank
   * @param limit how often
   * @return a limiter, safe for use by multiple threads
   */
  RateLimiter rateLimiter(String name, RateLimit limit);

  /**
   * Returns a queue of calls of named tasks, in honker's envelope (rule Q-12).
   *
   * @param queue the queue's name, not blank
   * @return a handle with no task registered yet, safe for use by multiple threads
   */
  TaskQueue tasks(String queue);

  /**
   * Runs work in one write transaction and commits it; any exception rolls it back and reaches the
   * caller unchanged (rule T-1).
   *
   * <p>Waits for its turn: one writer exists, and those who wait are served in order of arrival;
   * callers that come while it is free go first for at most a few milliseconds (rule T-6).
   *
   * @param work what to do; its {@code tx} is valid only during the call
   * @param <X> what the work may throw
   * @throws X what the work threw, after the rollback
   * @throws io.honker.error.NestedWriteException if this thread is inside a transaction already
   * @throws io.honker.error.StoreBusyException if another process kept the writer for longer than
   *     the writer timeout; retryable
   * @throws io.honker.error.StoreException if the commit failed; nothing happened
   * @throws io.honker.error.HonkerInterruptedException if interrupted while waiting for the turn
   */
  <X extends Exception> void inTransaction(TransactionWork<X> work) throws X;

  /**
   * Like {@link #inTransaction}, and returns the work's value after the commit.
   *
   * @param work what to do; its {@code tx} is valid only during the call
   * @param <R> the value's type
   * @param <X> what the work may throw
   * @return what the work returned
   * @throws X what the work threw, after the rollback
   */
  <R extends @Nullable Object, X extends Exception> R fromTransaction(
      TransactionFunction<R, X> work) throws X;

  /**
   * Makes a transaction view of a JDBC connection that the application owns, with auto-commit off
   * (rule T-4). Ends with {@link JoinedTransaction#committed} or {@link
   * JoinedTransaction#rolledBack}; connections of {@link #dataSource()} tell it themselves.
   *
   * @param connection an open connection to this same database, never null
   * @return the joined transaction, confined to this thread
   * @throws IllegalStateException if the connection is in auto-commit mode or closed
   * @throws IllegalArgumentException if the connection belongs to another database
   */
  JoinedTransaction join(Connection connection);

  /**
   * Reads on a pooled connection that refuses writes and never waits for the writer (rule T-7).
   *
   * @param work what to read; its connection is valid only during the call
   * @param <R> the value's type
   * @return what the work returned
   * @throws io.honker.error.StoreException if a query failed
   */
  <R extends @Nullable Object> R read(ReadFunction<R> work);

  /**
   * Returns the one {@link DataSource} for everything that speaks JDBC (rule T-8).
   *
   * <p>A connection takes the writer, in its turn, at its first statement after {@code
   * setAutoCommit(false)}, and gives it back at commit or rollback; after {@code setReadOnly(true)}
   * it is a pooled reader. In auto-commit mode each statement goes where it belongs when it runs. A
   * thread that asks for a second writer while it holds one gets an {@link java.sql.SQLException}
   * at once.
   *
   * @return the data source, valid until {@link #close}
   */
  DataSource dataSource();

  /**
   * Starts watching for commits by this or any other process.
   *
   * @return a watch that sees every commit from now on; close it
   */
  CommitWatch commits();

  /**
   * Tells what this database is and how it does.
   *
   * @return a snapshot
   */
  DatabaseInfo info();

  /**
   * Closes this handle. The last handle of a file stops its workers, waits for them, and closes the
   * file. Idempotent; a second caller waits for the same end.
   *
   * <p>Call it outside handlers and transactions: a handler that closes the last handle waits out
   * its own grace, and a transaction whose thread does so fails.
   */
  @Override
  void close();

  /**
   * Collects options and opens a database.
   *
   * <p>Defaults: the system clock, the Jackson codec, no observer, payloads up to 1 MiB, the
   * store's own defaults.
   *
   * <p>Not thread-safe. {@link #open} reports every problem at once.
   *
   * @since 0.1.0
   */
  final class Builder {

    private static final long DEFAULT_MAX_PAYLOAD_BYTES = 1L << 20;

    private final String location;
    private final Map<String, String> storeOptions = new LinkedHashMap<>();
    private HonkerClock clock = SystemClock.instance();
    private @Nullable PayloadCodec codec;
    private HonkerObserver observer = HonkerObserver.NONE;
    private long maxPayloadBytes = DEFAULT_MAX_PAYLOAD_BYTES;
    private @Nullable Duration notificationRetention;
    private @Nullable Provider provider;
    private @Nullable String providerName;

    private Builder(String location) {
      this.location = Objects.requireNonNull(location, "location");
    }

    /**
     * Sets the clock that every deadline of this database goes by.
     *
     * @param clock the clock, never null
     * @return this builder
     */
    public Builder clock(HonkerClock clock) {
      this.clock = Objects.requireNonNull(clock, "clock");
      return this;
    }

    /**
     * Sets the codec for payloads and results.
     *
     * @param codec the codec, never null
     * @return this builder
     */
    public Builder codec(PayloadCodec codec) {
      this.codec = Objects.requireNonNull(codec, "codec");
      return this;
    }

    /**
     * Sets who is told what happens.
     *
     * @param observer the observer, never null
     * @return this builder
     */
    public Builder observer(HonkerObserver observer) {
      this.observer = Objects.requireNonNull(observer, "observer");
      return this;
    }

    /**
     * Sets the largest payload allowed.
     *
     * @param bytes a size in bytes of UTF-8, at least 1; default 1 MiB
     * @return this builder
     */
    public Builder maxPayloadBytes(long bytes) {
      this.maxPayloadBytes = bytes;
      return this;
    }

    /**
     * Prunes notifications of all channels when they are older than this, little by little: every
     * thousandth notification that this process sends takes a bounded number of the oldest with it.
     *
     * <p>By default nothing is pruned. The table belongs to all programs that use the file, and one
     * of them may rely on its rows for longer than this process can know; a row that is gone is
     * gone for every listener. Without this, call {@link io.honker.channel.Notifications#prune} at
     * times.
     *
     * @param age positive; fractions of a second round up
     * @return this builder
     */
    public Builder notificationRetention(Duration age) {
      this.notificationRetention = Objects.requireNonNull(age, "age");
      return this;
    }

    /**
     * Sets an option of the store by its name, such as {@code synchronous} for SQLite.
     *
     * @param name the option's name, never null
     * @param value its value as text, never null
     * @return this builder
     */
    public Builder storeOption(String name, String value) {
      storeOptions.put(
          Objects.requireNonNull(name, "name"), Objects.requireNonNull(value, "value"));
      return this;
    }

    /**
     * Uses exactly this provider; nothing is searched for.
     *
     * @param provider the provider, never null
     * @return this builder
     */
    public Builder provider(Provider provider) {
      this.provider = Objects.requireNonNull(provider, "provider");
      return this;
    }

    /**
     * Uses the installed provider of this name, whatever the location looks like.
     *
     * @param name a provider's name such as {@code sqlite}, never null
     * @return this builder
     */
    public Builder provider(String name) {
      this.providerName = Objects.requireNonNull(name, "name");
      return this;
    }

    /**
     * Opens the database and creates it if it is missing.
     *
     * @return the open database; close it
     * @throws HonkerConfigurationException if options are wrong, or no store or more than one fits
     * @throws io.honker.error.StoreUnavailableException if the file cannot be opened (rule F-7)
     * @throws io.honker.error.StoreSchemaException if a newer version wrote the file (rule F-4)
     */
    public Honker open() {
      List<String> problems = new ArrayList<>();
      if (location.isBlank()) {
        problems.add("location is blank; give a path such as \"app.db\" or a jdbc: URL");
      }
      if (maxPayloadBytes < 1) {
        problems.add("maxPayloadBytes must be at least 1, not " + maxPayloadBytes);
      }
      Duration retention = notificationRetention;
      if (retention != null && (retention.isNegative() || retention.isZero())) {
        problems.add("notificationRetention must be positive, not " + retention);
      }
      if (!problems.isEmpty()) {
        throw new HonkerConfigurationException(problems, null);
      }
      Provider chosen =
          provider != null
              ? provider
              : new ProviderDiscovery<>(Provider.class, location, providerName, "honker-sqlite")
                  .find();
      return chosen.open(
          new HonkerSettings(
              location,
              clock,
              codec,
              observer,
              maxPayloadBytes,
              notificationRetention,
              storeOptions));
    }
  }

  /**
   * Makes a {@link Honker} over one kind of store. Found by {@link java.util.ServiceLoader} as
   * {@code io.honker.Honker$Provider}.
   *
   * <p>Implementations have a public no-argument constructor and are safe for use by multiple
   * threads.
   *
   * @since 0.1.0
   */
  interface Provider extends LocatedProvider {

    /**
     * Opens the database.
     *
     * @param settings what the application asked for
     * @return the open database
     * @throws io.honker.error.HonkerConfigurationException if settings are unknown or do not fit,
     *     listing all of them
     */
    Honker open(HonkerSettings settings);
  }
}
