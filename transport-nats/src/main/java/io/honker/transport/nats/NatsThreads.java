package io.honker.transport.nats;

import io.nats.client.Options;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The client's threads: it starts its own if it is not given any, but does not end all of them. All
 * are daemons and named {@code honker-nats-...}.
 */
final class NatsThreads implements AutoCloseable {

  private static final long LIMIT_SECONDS = 5;

  private final ExecutorService any = Executors.newCachedThreadPool(named("work"));
  private final ExecutorService connect = Executors.newSingleThreadExecutor(named("connect"));
  private final ExecutorService callback = Executors.newSingleThreadExecutor(named("callback"));
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(named("timer"));

  private static ThreadFactory named(String purpose) {
    return task -> {
      Thread thread = new Thread(task, "honker-nats-" + purpose);
      thread.setDaemon(true);
      return thread;
    };
  }

  Options.Builder giveTo(Options.Builder options) {
    return options
        .readerThreadFactory(named("reader"))
        .writerThreadFactory(named("writer"))
        .executor(any)
        .connectExecutor(connect)
        .callbackExecutor(callback)
        .scheduledExecutor(timer);
  }

  /** Waits until the listener has heard what the client has read by now. */
  boolean awaitCallbacks(Duration limit) throws InterruptedException, TimeoutException {
    try {
      callback.submit(() -> {}).get(limit.toNanos(), TimeUnit.NANOSECONDS);
      return true;
    } catch (ExecutionException | RejectedExecutionException e) {
      return false; // it is being closed
    }
  }

  /** Ends them; whoever is interrupted does not wait. */
  @Override
  public void close() {
    List<ExecutorService> all = List.of(any, connect, callback, timer);
    callback.shutdown(); // it may still have to tell why connecting failed
    List.of(any, connect, timer).forEach(ExecutorService::shutdownNow);
    try {
      for (ExecutorService one : all) {
        if (!one.awaitTermination(LIMIT_SECONDS, TimeUnit.SECONDS)) {
          return; // they are daemons
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
