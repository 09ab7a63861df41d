package io.honker.lock;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Named locks that one owner holds at a time, across threads and processes (rule L-1).
 *
 * <pre>{@code
 * Optional<HeldLock> held = honker.locks().tryLock("nightly-report");
 * if (held.isPresent()) {
 *   try (HeldLock lock = held.get()) {
 *     ...
 *   }
 * }
 * }</pre>
 *
 * <p>A lock is a lease: it ends when it is released or when its time to live has passed, so that
 * the lock of a process that died is free again. Each acquisition has a fencing token, greater than
 * all before it for that name. Locks are not reentrant, and owners of honker's other bindings are
 * respected.
 *
 * <p>Safe for use by multiple threads.
 *
 * @since 0.1.0
 */
public interface Locks {

  /**
   * Acquires a lock with default options if it is free, without waiting, in its own transaction.
   *
   * @param name the lock's name, not blank
   * @return the lock, empty if somebody else holds it
   */
  default Optional<HeldLock> tryLock(String name) {
    return tryLock(name, LockOptions.defaults());
  }

  /**
   * Acquires a lock if it is free, without waiting, in its own transaction.
   *
   * @param name the lock's name, not blank
   * @param options time to live, owner and renewal
   * @return the lock, empty if somebody else holds it
   */
  Optional<HeldLock> tryLock(String name, LockOptions options);

  /**
   * Acquires a lock and waits for it if it is taken: woken when its holder releases it, in this or
   * another process, or when its lease ends.
   *
   * @param name the lock's name, not blank
   * @param wait how long to wait at most; zero does not wait
   * @param options time to live, owner and renewal
   * @return the lock, empty after the wait
   * @throws InterruptedException if interrupted while waiting; nothing is acquired then
   */
  Optional<HeldLock> lock(String name, Duration wait, LockOptions options)
      throws InterruptedException;

  /**
   * Acquires a lock with default options and waits for it if it is taken.
   *
   * @param name the lock's name, not blank
   * @param wait how long to wait at most; zero does not wait
   * @return the lock, empty after the wait
   * @throws InterruptedException if interrupted while waiting; nothing is acquired then
   */
  default Optional<HeldLock> lock(String name, Duration wait) throws InterruptedException {
    return lock(name, wait, LockOptions.defaults());
  }

  /**
   * Looks a lock up.
   *
   * @param name the lock's name
   * @return its holder, empty if it is free or its lease has ended
   */
  Optional<LockInfo> find(String name);

  /**
   * Lists the locks that are held.
   *
   * @return a snapshot in order of name
   */
  List<LockInfo> list();
}
