package io.honker.lab.prove;

import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

/** The faults of one run: what decides them, what was injected, how many hit. */
final class Faults {

  private final long seed;
  private final AtomicInteger hits = new AtomicInteger();

  Faults(long seed) {
    this.seed = seed;
  }

  /**
   * The source of a round's decisions. Rounds do not share one, so that what a round takes from it
   * does not change the rounds after it.
   */
  Random random(int round) {
    return new Random(roundSeed(round));
  }

  long roundSeed(int round) {
    return seed * 0x9E3779B97F4A7C15L + round;
  }

  void tell(String line) {
    System.out.println(line);
  }

  void hit() {
    hits.incrementAndGet();
  }

  int hits() {
    return hits.get();
  }
}
