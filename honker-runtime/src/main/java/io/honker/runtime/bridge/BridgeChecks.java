package io.honker.runtime.bridge;

import io.honker.spi.PlainName;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What is wrong with the options of bridges, in words. */
final class BridgeChecks {

  static final int DEFAULT_BATCH = 500;
  private static final int LARGEST_BATCH = 10_000;

  /** What every broadcast takes. */
  private static final int LONGEST_CHANNEL = 1_000;

  private BridgeChecks() {}

  static void name(List<String> problems, String what, String name) {
    if (name.isBlank()) {
      problems.add(what + " must not be blank");
    }
  }

  /**
   * Checks the name of a log.
   *
   * @param remedy what to do about a wrong one, with what stands before it, or nothing
   */
  static void log(List<String> problems, String log, String remedy) {
    if (!PlainName.is(log)) {
      problems.add(
          "a log's name is 1 to 100 letters, digits and - _, not \"" + log + "\"" + remedy);
    }
  }

  static void remoteChannel(List<String> problems, String channel) {
    name(problems, "the broker's channel", channel);
    int length = channel.getBytes(StandardCharsets.UTF_8).length;
    if (length > LONGEST_CHANNEL) {
      problems.add(
          "the broker's channel has at most "
              + LONGEST_CHANNEL
              + " bytes, not "
              + length
              + "; choose another with toChannel");
    }
  }

  static void batchSize(List<String> problems, int events) {
    if (events < 1 || events > LARGEST_BATCH) {
      problems.add("batchSize must be from 1 to " + LARGEST_BATCH + ", not " + events);
    }
  }
}
