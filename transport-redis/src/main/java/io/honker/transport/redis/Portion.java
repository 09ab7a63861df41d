package io.honker.transport.redis;

import io.lettuce.core.StreamMessage;
import java.util.List;

/**
 * How many entries to ask for at once. The server counts entries, not bytes, so what came last
 * tells how many would be too much; after few, or large ones, the next answer is a small one.
 */
final class Portion {

  private static final int FIRST = 25;
  private static final long MAX_CHARACTERS = 4_000_000;

  private long allowed = FIRST;

  int of(int max) {
    return (int) Math.min(max, allowed);
  }

  void learn(List<StreamMessage<String, String>> entries) {
    if (entries.isEmpty()) {
      return;
    }
    long characters = entries.stream().mapToLong(Portion::length).sum();
    long average = Math.max(1, characters / entries.size());
    allowed = Math.max(FIRST, 2L * entries.size());
    allowed = Math.max(1, Math.min(allowed, MAX_CHARACTERS / average));
  }

  private static long length(StreamMessage<String, String> entry) {
    return entry.getBody() == null
        ? 0
        : entry.getBody().values().stream().mapToLong(String::length).sum();
  }
}
