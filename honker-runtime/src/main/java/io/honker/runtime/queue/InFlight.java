package io.honker.runtime.queue;

import java.time.Instant;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A claimed job in a worker's hands: waiting for a handler, running, or done and not yet
 * acknowledged. Knows the handler's thread, so that it is interrupted only while it runs this job.
 */
final class InFlight<T> {

  /** Why a handler is told to stop. */
  enum Stop {
    NONE,
    TIMEOUT,
    LEASE_LOST,
    SHUTDOWN
  }

  private final ClaimedJob<T> job;
  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable Thread thread;
  private Stop stop = Stop.NONE;
  private boolean over;
  private volatile Instant renewAt;
  private volatile Instant timeoutAt = Instant.MAX;

  InFlight(ClaimedJob<T> job, Instant renewAt) {
    this.job = job;
    this.renewAt = renewAt;
  }

  ClaimedJob<T> job() {
    return job;
  }

  Instant renewAt() {
    return renewAt;
  }

  void renewAt(Instant instant) {
    renewAt = instant;
  }

  Instant timeoutAt() {
    return timeoutAt;
  }

  /** Marks the handler as running on this thread; false if the job was lost while it waited. */
  boolean begin(Instant handlerTimeoutAt) {
    lock.lock();
    try {
      if (stop != Stop.NONE) {
        return false;
      }
      thread = Thread.currentThread();
      timeoutAt = handlerTimeoutAt;
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Marks the handler as ended, clears its interrupt flag, tells why it was told to stop. */
  Stop end() {
    lock.lock();
    try {
      thread = null;
      over = true;
      timeoutAt = Instant.MAX;
      Thread.interrupted(); // ours, or left behind by the handler: not meant for what follows
      return stop;
    } finally {
      lock.unlock();
    }
  }

  /** Tells the handler to stop; false if it had ended or was told before. */
  boolean stop(Stop reason) {
    lock.lock();
    try {
      if (over || stop != Stop.NONE) {
        return false;
      }
      stop = reason;
      if (thread != null) {
        thread.interrupt();
      }
      return true;
    } finally {
      lock.unlock();
    }
  }
}
