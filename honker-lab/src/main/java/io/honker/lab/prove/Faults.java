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

  /** Spreads neighbours far apart: {@link Random} makes similar sequences of similar seeds. */
  long roundSeed(int round) {
    long mixed = seed + round * 0x9E3779B97F4A7C15L;
    mixed = (mixed ^ (mixed >>> 30)) * 0xBF58476D1CE4E5B9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
    return mixed ^ (mixed >>> 31);
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
