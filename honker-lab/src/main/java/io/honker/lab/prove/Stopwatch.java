package io.honker.lab.prove;

import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;

/** The longest of many calls, those of the first two seconds left out: the JVM starts up then. */
final class Stopwatch {

  private static final long WARM_UP_NANOS = 2_000_000_000;

  private final long measuredFrom = System.nanoTime() + WARM_UP_NANOS;
  private final AtomicLong longestNanos = new AtomicLong();

  <R> R time(Callable<R> call) throws Exception {
    long begun = System.nanoTime();
    try {
      return call.call();
    } finally {
      if (begun - measuredFrom > 0) {
        longestNanos.accumulateAndGet(System.nanoTime() - begun, Math::max);
      }
    }
  }

  double longestMillis() {
    return longestNanos.get() / 1e6;
  }
}
