package io.honker.lab.prove;

import static io.honker.lab.prove.ProofFailedException.require;

import java.util.Locale;
import java.util.Random;

/**
 * When a child process is killed: so many lines into its work, and then after a time that reaches
 * into the steps.
 *
 * @param lines how many lines it has told by then
 * @param delayNanos how long after that
 */
record KillPoint(int lines, long delayNanos) {

  private static final int SHORT_NANOS = 500_000;
  private static final int LONG_NANOS = 5_000_000;

  /** Half of them within half a millisecond after a line, half within five. */
  static KillPoint random(Random random, int mostLines) {
    int lines = 1 + random.nextInt(mostLines);
    return new KillPoint(lines, random.nextInt(random.nextBoolean() ? SHORT_NANOS : LONG_NANOS));
  }

  /** Waits for the moment and kills. */
  Transcript strike(ChildProcess child) throws InterruptedException {
    require(
        child.awaitLines(lines),
        () -> child.name() + " ended by itself, after " + child.lines() + child.complaint());
    Waiting.pass(delayNanos);
    require(
        child.kill(), () -> child.name() + " ended by itself before the kill" + child.complaint());
    return new Transcript(child.lines());
  }

  @Override
  public String toString() {
    return lines
        + (lines == 1 ? " line + " : " lines + ")
        + String.format(Locale.ROOT, "%.2f ms", delayNanos / 1e6);
  }
}
