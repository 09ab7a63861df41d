package io.honker.runtime.loop;

import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Where a thread of ours runs handlers of the application's: once shut, no handler begins, and the
 * one that runs is interrupted, but never the code around it.
 */
public final class HandlerGate {

  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable Thread running;
  private boolean shut;

  /** Makes an open gate. */
  public HandlerGate() {}

  /** Marks a handler as running on this thread; false if none may begin any more. */
  public boolean enter() {
    lock.lock();
    try {
      if (shut) {
        return false;
      }
      running = Thread.currentThread();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Marks the handler as ended and clears the interrupt flag: it was meant for the handler. */
  public void leave() {
    lock.lock();
    try {
      running = null;
      Thread.interrupted();
    } finally {
      lock.unlock();
    }
  }

  /** Whether no handler may begin any more. */
  public boolean isShut() {
    lock.lock();
    try {
      return shut;
    } finally {
      lock.unlock();
    }
  }

  /** Lets no handler begin any more and interrupts the one that runs. Idempotent. */
  public void shut() {
    lock.lock();
    try {
      if (!shut && running != null) {
        running.interrupt();
      }
      shut = true;
    } finally {
      lock.unlock();
    }
  }
}
