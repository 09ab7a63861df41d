package io.honker.lab.prove;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/**
 * What was asked for on the command line.
 *
 * @param caseName the case
 * @param seed decides everything that is decided at random
 * @param numbers the other options by name
 */
record Settings(String caseName, long seed, Map<String, Integer> numbers) {

  private static final List<String> NUMBERS =
      List.of(
          "rounds", "seconds", "rate", "cycles", "minutes", "threads", "each", "wait", "stride");

  static Settings parse(String[] args) {
    if (args.length % 2 == 0) {
      throw new IllegalArgumentException("expected CASE and pairs of --option value");
    }
    long seed = ThreadLocalRandom.current().nextLong(1, 1_000_000_000);
    Map<String, Integer> numbers = new HashMap<>();
    for (int i = 1; i < args.length; i += 2) {
      String name = args[i].startsWith("--") ? args[i].substring(2) : args[i];
      if (name.equals("seed")) {
        seed = Long.parseLong(args[i + 1]);
      } else if (NUMBERS.contains(name) && args[i + 1].matches("[1-9][0-9]{0,8}")) {
        numbers.put(name, Integer.valueOf(args[i + 1]));
      } else {
        throw new IllegalArgumentException(
            "not understood: "
                + args[i]
                + " "
                + args[i + 1]
                + "; known are --seed and, with a number from 1, "
                + NUMBERS);
      }
    }
    return new Settings(args[0], seed, Map.copyOf(numbers));
  }

  /** The number given for an option, or the case's own. */
  int number(String option, int fallback) {
    return numbers.getOrDefault(option, fallback);
  }

  /** For how long nobody may wait for the writer; a machine that is busy needs more. */
  int mostWaitMillis() {
    return number("wait", 1000);
  }

  boolean has(String option) {
    return numbers.containsKey(option);
  }
}
