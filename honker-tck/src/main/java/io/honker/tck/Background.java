package io.honker.tck;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A call that runs on a thread of its own beside the test.
 *
 * @param <R> what it returns
 */
final class Background<R extends @Nullable Object> {

  /** A thread that only passes through a lock is soon on its way again; one that waits is not. */
  private static final int LOOKS_IN_A_ROW = 5;

  private final FutureTask<R> task;
  private final Thread thread;

  Background(String name, Callable<R> call) {
    this.task = new FutureTask<>(call);
    this.thread = new Thread(task, name);
    thread.setDaemon(true);
    thread.start();
  }

  Thread thread() {
    return thread;
  }

  boolean isDone() {
    return task.isDone();
  }

  void interrupt() {
    thread.interrupt();
  }

  /** Waits until the thread is blocked by something and stays so. */
  void awaitBlocked() {
    int[] looks = {0};
    Eventually.awaitTrue(
        () -> thread.getName() + " blocks, but is " + thread.getState(),
        () -> {
          looks[0] = isBlocked() ? looks[0] + 1 : 0;
          return looks[0] >= LOOKS_IN_A_ROW;
        });
  }

  private boolean isBlocked() {
    return switch (thread.getState()) {
      case BLOCKED, WAITING, TIMED_WAITING -> true;
      default -> false;
    };
  }

  /** Waits for what the call returned; what it threw fails the test. */
  R get() throws InterruptedException {
    try {
      return await();
    } catch (ExecutionException e) {
      throw new AssertionError(thread.getName() + " failed", e.getCause());
    }
  }

  /** Waits for what the call threw. */
  Throwable failure() throws InterruptedException {
    try {
      throw new AssertionError(thread.getName() + " returned " + await());
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      return cause == null ? e : cause;
    }
  }

  /** Interrupts the call if it still runs, and waits for its end. */
  void stop() throws InterruptedException {
    thread.interrupt();
    thread.join(Eventually.limit().toMillis());
  }

  private R await() throws InterruptedException, ExecutionException {
    try {
      return task.get(Eventually.limit().toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      AssertionError late = new AssertionError(thread.getName() + " does not end", e);
      late.setStackTrace(thread.getStackTrace());
      throw late;
    }
  }
}
