package io.honker.cli;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Ctrl-C and SIGTERM interrupt the thread that made this, and the process waits a moment for it to
 * close what it has open. The exit code is then the JVM's: 128 and the signal's number.
 */
final class StopSignal implements AutoCloseable {

  private static final Duration GRACE = Duration.ofSeconds(10);

  private final Duration grace;
  private final CountDownLatch done = new CountDownLatch(1);
  private final Thread hook;

  StopSignal() {
    this(GRACE);
  }

  /** Lets the thread take this long at most. */
  StopSignal(Duration grace) {
    this.grace = grace;
    Thread worker = Thread.currentThread();
    this.hook =
        new Thread(
            () -> {
              worker.interrupt();
              awaitEnd();
            },
            "honker-stop");
    Runtime.getRuntime().addShutdownHook(hook);
  }

  private void awaitEnd() {
    try {
      boolean ended = done.await(grace.toMillis(), TimeUnit.MILLISECONDS);
      assert ended || done.getCount() > 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    done.countDown();
    try {
      boolean removed = Runtime.getRuntime().removeShutdownHook(hook);
      assert removed;
    } catch (IllegalStateException e) {
      return; // the process ends already
    }
  }
}
