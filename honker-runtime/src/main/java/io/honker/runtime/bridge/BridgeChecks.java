package io.honker.runtime.bridge;

import java.util.List;
import java.util.regex.Pattern;

/** What is wrong with the options of bridges, in words. */
final class BridgeChecks {

  static final int DEFAULT_BATCH = 500;
  private static final int LARGEST_BATCH = 10_000;
  private static final Pattern LOG = Pattern.compile("[A-Za-z0-9_-]+");

  private BridgeChecks() {}

  static void name(List<String> problems, String what, String name) {
    if (name.isBlank()) {
      problems.add(what + " must not be blank");
    }
  }

  static void log(List<String> problems, String log) {
    if (!LOG.matcher(log).matches()) {
      problems.add(
          "a log's name is letters, digits and - _, not \"" + log + "\"; choose one with toLog");
    }
  }

  static void batchSize(List<String> problems, int events) {
    if (events < 1 || events > LARGEST_BATCH) {
      problems.add("batchSize must be from 1 to " + LARGEST_BATCH + ", not " + events);
    }
  }
}
