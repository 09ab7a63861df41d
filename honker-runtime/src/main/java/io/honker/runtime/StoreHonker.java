package io.honker.runtime;

import io.honker.DatabaseInfo;
import io.honker.Honker;
import io.honker.HonkerSettings;
import io.honker.bridge.Bridges;
import io.honker.channel.Channel;
import io.honker.channel.Notifications;
import io.honker.codec.TypeRef;
import io.honker.lock.Locks;
import io.honker.lock.RateLimit;
import io.honker.lock.RateLimiter;
import io.honker.queue.JobQueue;
import io.honker.queue.JobResults;
import io.honker.queue.QueueOptions;
import io.honker.runtime.bridge.StoreBridges;
import io.honker.runtime.channel.Channels;
import io.honker.runtime.engine.Engine;
import io.honker.runtime.lock.StoreLocks;
import io.honker.runtime.lock.StoreRateLimiter;
import io.honker.runtime.queue.Queues;
import io.honker.runtime.schedule.StoreScheduler;
import io.honker.runtime.store.Store;
import io.honker.runtime.stream.Streams;
import io.honker.runtime.task.StoreTaskQueue;
import io.honker.schedule.Scheduler;
import io.honker.stream.EventStream;
import io.honker.task.TaskQueue;
import io.honker.tx.CommitWatch;
import io.honker.tx.JoinedTransaction;
import io.honker.tx.ReadFunction;
import io.honker.tx.TransactionFunction;
import io.honker.tx.TransactionWork;
import java.sql.Connection;
import java.util.List;
import java.util.Objects;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** A {@link Honker} over any {@link Store}. */
public final class StoreHonker implements Honker {

  private final Engine engine;
  private final Queues queues;
  private final Scheduler scheduler;
  private final StoreLocks locks;
  private final Streams streams;
  private final Channels channels;
  private final Bridges bridges;

  /** Assembles the features and takes the store over: {@link #close} closes it. */
  public StoreHonker(Store store, HonkerSettings settings) {
    this.engine = new Engine(store, settings);
    this.queues = new Queues(engine);
    this.scheduler = new StoreScheduler(engine);
    this.locks = new StoreLocks(engine);
    this.streams = new Streams(engine);
    this.channels = new Channels(engine, settings.notificationRetention());
    this.bridges = new StoreBridges(engine, channels);
  }

  @Override
  public <T> JobQueue<T> queue(String name, TypeRef<T> type, QueueOptions options) {
    return queues.queue(name, type, options);
  }

  @Override
  public List<String> queues() {
    return queues.names();
  }

  @Override
  public JobResults results() {
    return queues.results();
  }

  @Override
  public <T> EventStream<T> stream(String topic, TypeRef<T> type) {
    return streams.stream(topic, type);
  }

  @Override
  public List<String> topics() {
    return streams.topics();
  }

  @Override
  public <T> Channel<T> channel(String name, TypeRef<T> type) {
    return channels.channel(name, type);
  }

  @Override
  public Notifications notifications() {
    engine.checkOpen();
    return channels.notifications();
  }

  @Override
  public Scheduler scheduler() {
    engine.checkOpen();
    return scheduler;
  }

  @Override
  public Bridges bridges() {
    engine.checkOpen();
    return bridges;
  }

  @Override
  public Locks locks() {
    engine.checkOpen();
    return locks;
  }

  @Override
  public RateLimiter rateLimiter(String name, RateLimit limit) {
    engine.checkOpen();
    return new StoreRateLimiter(engine, name, limit);
  }

  @Override
  public TaskQueue tasks(String queue) {
    return new StoreTaskQueue(engine, queues, queue);
  }

  @Override
  public <X extends Exception> void inTransaction(TransactionWork<X> work) throws X {
    Objects.requireNonNull(work, "work");
    engine.<@Nullable Void, X>inTransaction(
        tx -> {
          work.run(tx);
          return null;
        });
  }

  @Override
  @SuppressWarnings("NullAway") // javac 17 does not read annotated bounds from class files
  public <R extends @Nullable Object, X extends Exception> R fromTransaction(
      TransactionFunction<R, X> work) throws X {
    return engine.inTransaction(Objects.requireNonNull(work, "work"));
  }

  @Override
  public JoinedTransaction join(Connection connection) {
    return engine.join(Objects.requireNonNull(connection, "connection"));
  }

  @Override
  @SuppressWarnings("NullAway") // javac 17 does not read annotated bounds from class files
  public <R extends @Nullable Object> R read(ReadFunction<R> work) {
    Objects.requireNonNull(work, "work");
    engine.checkOpen();
    return engine.store().readForApplication(work);
  }

  @Override
  public DataSource dataSource() {
    engine.checkOpen();
    return engine.store().dataSource();
  }

  @Override
  public CommitWatch commits() {
    engine.checkOpen();
    return new StoreCommitWatch(engine);
  }

  @Override
  public DatabaseInfo info() {
    engine.checkOpen();
    Store store = engine.store();
    return new DatabaseInfo(
        store.location(),
        store.description(),
        store.databaseId(),
        store.walBytes(),
        store.sizeBytes());
  }

  @Override
  public void close() {
    engine.close();
  }
}
