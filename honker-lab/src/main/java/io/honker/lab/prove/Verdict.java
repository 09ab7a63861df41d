package io.honker.lab.prove;

/**
 * How a run ended.
 *
 * @param exitCode 0 if the claim held and enough faults hit
 * @param line the last line of the output
 */
record Verdict(int exitCode, String line) {

  static final Verdict FAILED = new Verdict(1, "FAILED");

  static Verdict of(String caseName, Case proven, Settings settings, Faults faults) {
    int asked = proven.faults(settings);
    if (faults.hits() < asked) {
      return failed(caseName, "only " + faults.hits() + " of " + asked + " faults hit");
    }
    int rounds = proven.rounds(settings);
    return new Verdict(
        0,
        caseName
            + ": ok, "
            + rounds
            + (rounds == 1 ? " round, " : " rounds, ")
            + faults.hits()
            + " faults hit");
  }

  static Verdict failed(String caseName, String why) {
    return new Verdict(1, caseName + ": FAILED " + why.replace('\n', ' '));
  }

  @Override
  public String toString() {
    return line;
  }
}
