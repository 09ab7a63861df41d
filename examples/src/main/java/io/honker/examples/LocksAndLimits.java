package io.honker.examples;

import io.honker.Honker;
import io.honker.lock.HeldLock;
import io.honker.lock.Locks;
import io.honker.lock.RateDecision;
import io.honker.lock.RateLimit;
import io.honker.lock.RateLimiter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** A lock that one holder has at a time, with a fencing token, and a rate limit. */
public final class LocksAndLimits {

  private LocksAndLimits() {}

  public static void main(String[] args) throws Exception {
    Path file = Files.createTempDirectory("honker-locks").resolve("app.db");
    try (Honker honker = Honker.open(file)) {
      Locks locks = honker.locks();
      HeldLock first = locks.tryLock("import").orElseThrow();
      System.out.println("held with fencing token " + first.fencingToken());
      System.out.println("a second try gets it: " + locks.tryLock("import").isPresent());

      Thread waiting =
          new Thread(
              () -> {
                try {
                  Optional<HeldLock> second = locks.lock("import", Duration.ofSeconds(30));
                  try (HeldLock lock = second.orElseThrow()) {
                    System.out.println("the next holder's token is " + lock.fencingToken());
                  }
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
              });
      waiting.start();
      honker.inTransaction(
          tx -> {
            if (!first.isHeld(tx)) { // checked in the transaction that relies on it
              throw new IllegalStateException("somebody else has it by now");
            }
            tx.execute("CREATE TABLE imported(id INTEGER PRIMARY KEY)");
          });
      first.release(); // wakes the waiting thread
      waiting.join();

      RateLimiter mails =
          honker.rateLimiter("mails", RateLimit.slidingWindow(2, Duration.ofMinutes(1)));
      for (int i = 1; i <= 3; i++) {
        RateDecision decision = mails.tryAcquire();
        System.out.println(
            "mail "
                + i
                + (decision.allowed()
                    ? ": sent"
                    : ": wait up to " + (decision.retryAfter().toSeconds() + 1) + " s"));
      }
    }
    System.out.println("locks and limits: ok");
  }
}
