package io.honker.runtime;

import io.honker.DatabaseInfo;
import io.honker.Honker;
import io.honker.codec.TypeRef;
import io.honker.queue.JobQueue;
import io.honker.queue.JobResults;
import io.honker.queue.QueueOptions;
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
