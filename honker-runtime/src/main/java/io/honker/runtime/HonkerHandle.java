package io.honker.runtime;

import io.honker.DatabaseInfo;
import io.honker.Honker;
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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** One of the handles of a shared runtime: everything goes through until this one is closed. */
final class HonkerHandle implements Honker {

  private final Honker runtime;
  private final Runnable release;
  private final AtomicBoolean closed = new AtomicBoolean();
  private final CompletableFuture<@Nullable Void> ended = new CompletableFuture<>();

  HonkerHandle(Honker runtime, Runnable release) {
    this.runtime = runtime;
    this.release = release;
  }

  private Honker open() {
    if (closed.get()) {
      throw new IllegalStateException("this Honker is closed; open it again for further work");
    }
    return runtime;
  }

  @Override
  public <T> JobQueue<T> queue(String name, TypeRef<T> type, QueueOptions options) {
    return open().queue(name, type, options);
  }

  @Override
  public List<String> queues() {
    return open().queues();
  }

  @Override
  public JobResults results() {
    return open().results();
  }

  @Override
  public <T> EventStream<T> stream(String topic, TypeRef<T> type) {
    return open().stream(topic, type);
  }

  @Override
  public List<String> topics() {
    return open().topics();
  }

  @Override
  public <T> Channel<T> channel(String name, TypeRef<T> type) {
    return open().channel(name, type);
  }

  @Override
  public Notifications notifications() {
    return open().notifications();
  }

  @Override
  public Scheduler scheduler() {
    return open().scheduler();
  }

  @Override
  public Bridges bridges() {
    return open().bridges();
  }

  @Override
  public Locks locks() {
    return open().locks();
  }

  @Override
  public RateLimiter rateLimiter(String name, RateLimit limit) {
    return open().rateLimiter(name, limit);
  }

  @Override
  public TaskQueue tasks(String queue) {
    return open().tasks(queue);
  }

  @Override
  public <X extends Exception> void inTransaction(TransactionWork<X> work) throws X {
    open().inTransaction(work);
  }

  @Override
  @SuppressWarnings("NullAway") // javac 17 does not read annotated bounds from class files
  public <R extends @Nullable Object, X extends Exception> R fromTransaction(
      TransactionFunction<R, X> work) throws X {
    return open().fromTransaction(work);
  }

  @Override
  public JoinedTransaction join(Connection connection) {
    return open().join(connection);
  }

  @Override
  @SuppressWarnings("NullAway") // javac 17 does not read annotated bounds from class files
  public <R extends @Nullable Object> R read(ReadFunction<R> work) {
    return open().read(work);
  }

  @Override
  public DataSource dataSource() {
    return open().dataSource();
  }

  @Override
  public CommitWatch commits() {
    return open().commits();
  }

  @Override
  public DatabaseInfo info() {
    return open().info();
  }

  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      ended.join();
      return;
    }
    try {
      release.run();
    } finally {
      ended.complete(null);
    }
  }
}
