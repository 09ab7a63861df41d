package io.honker.runtime.lock;

import io.honker.error.HonkerException;
import io.honker.error.HonkerInterruptedException;
import io.honker.lock.RateDecision;
import io.honker.lock.RateLimit;
import io.honker.lock.RateLimiter;
import io.honker.runtime.engine.Engine;
import io.honker.runtime.engine.Names;
import io.honker.runtime.loop.Deadlines;
import io.honker.runtime.store.RateStore;
import io.honker.runtime.store.StoreConnection;
import io.honker.runtime.store.WriteOperation;
import io.honker.tx.Transaction;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A rate limiter over the rate store. */
public final class StoreRateLimiter implements RateLimiter {

  private static final Logger LOG = LoggerFactory.getLogger("io.honker");

  private final Engine engine;
  private final String name;
  private final RateCounter counter;

  /** Makes the handle. */
  public StoreRateLimiter(Engine engine, String name, RateLimit limit) {
    this.engine = engine;
    this.name = Names.notBlank("rate limiter", Objects.requireNonNull(name, "name"));
    this.counter = counter(engine.store().rates(), name, limit);
  }

  private static RateCounter counter(RateStore rates, String name, RateLimit limit) {
    return switch (limit.kind()) {
      case FIXED_WINDOW -> new FixedWindow(rates, name, limit.limit(), limit.per().toSeconds());
      case SLIDING_WINDOW -> new SlidingWindow(rates, name, limit.limit(), limit.per());
      case TOKEN_BUCKET -> new TokenBucket(rates, name, limit.limit(), limit.per());
    };
  }

  @Override
  public String name() {
    return name;
  }

  /** The use's number, or when the next can be allowed. */
  private record Outcome(long number, Instant now, Instant freeAt) {

    RateDecision decision() {
      return number == RateStore.REFUSED
          ? new RateDecision(false, Duration.between(now, freeAt))
          : new RateDecision(true, Duration.ZERO);
    }
  }

  /**
   * One statement if it is allowed, and a look that changes nothing if it is not. Goes by the time
   * at which it has the writer, not by that at which it began to wait.
   */
  private Outcome use(StoreConnection c) throws SQLException {
    Instant now = engine.clock().now();
    long number = counter.use(c, now);
    if (number != RateStore.REFUSED) {
      return new Outcome(number, now, now);
    }
    Instant freeAt = counter.freeAt(c, now);
    Instant soonest = now.plusNanos(1); // others may have tidied between the two looks
    return new Outcome(number, now, freeAt.isAfter(now) ? freeAt : soonest);
  }

  @Override
  public RateDecision tryAcquire() {
    Outcome outcome = engine.write("tryAcquire", WriteOperation.<Outcome>statement(this::use));
    if (isTidyDue(outcome)) {
      tidy(outcome.now());
    }
    return outcome.decision();
  }

  private boolean isTidyDue(Outcome outcome) {
    return outcome.number() != RateStore.REFUSED && counter.isTidyDue(outcome.number());
  }

  /** The use is taken: that tidying fails must not hide it, and a later use tidies again. */
  private void tidy(Instant now) {
    try {
      engine.write("tryAcquire", WriteOperation.<Integer>statement(c -> counter.tidy(c, now)));
    } catch (HonkerException e) {
      LOG.debug("tidying the rate limit {} failed", name, e);
    }
  }

  @Override
  public RateDecision tryAcquire(Transaction tx) {
    return engine.write(
        tx,
        "counting a use",
        c -> {
          Outcome outcome = use(c);
          if (isTidyDue(outcome)) {
            int ignored = counter.tidy(c, outcome.now());
          }
          return outcome.decision();
        });
  }

  @Override
  public boolean acquire(Duration wait) throws InterruptedException {
    Instant deadline = Deadlines.of(engine.clock(), "wait", wait);
    while (true) {
      RateDecision decision = tryAcquireUnlessInterrupted();
      if (decision.allowed()) {
        return true;
      }
      Instant freeAt = Deadlines.after(engine.clock().now(), decision.retryAfter());
      if (freeAt.isAfter(deadline)) {
        return false; // nothing can change that in time
      }
      park(freeAt);
    }
  }

  private RateDecision tryAcquireUnlessInterrupted() throws InterruptedException {
    if (!Thread.interrupted()) {
      try {
        return tryAcquire();
      } catch (HonkerInterruptedException e) {
        Thread.interrupted(); // says the same
      }
    }
    throw new InterruptedException("interrupted while waiting for the rate limit \"" + name + "\"");
  }

  /** Waits until an instant, an interrupt, or the end of the engine, which is an error. */
  private void park(Instant until) {
    AtomicBoolean closed = new AtomicBoolean();
    Thread self = Thread.currentThread();
    AutoCloseable end =
        () -> {
          closed.set(true);
          LockSupport.unpark(self);
        };
    engine.adopt(end);
    try {
      while (engine.clock().now().isBefore(until) && !closed.get() && !self.isInterrupted()) {
        engine.clock().parkUntil(until);
      }
    } finally {
      engine.release(end);
    }
    if (closed.get()) {
      throw new IllegalStateException("this Honker was closed while a thread awaited a rate limit");
    }
  }

  @Override
  public int sweep() {
    return engine.write(
        "sweep", WriteOperation.<Integer>statement(c -> counter.sweep(c, engine.clock().now())));
  }
}
