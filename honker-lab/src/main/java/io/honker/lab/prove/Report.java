package io.honker.lab.prove;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a producer or worker says at its end, in the form of honker-lab/node's programs. */
final class Report {

  private static final Pattern NUMBER = Pattern.compile("\"([a-z_]+)\":([0-9.]+)");

  private final Stopwatch stopwatch = new Stopwatch();
  private final AtomicLong done = new AtomicLong();
  private final AtomicLong lost = new AtomicLong();
  private final Queue<String> errors = new ConcurrentLinkedQueue<>();

  Stopwatch stopwatch() {
    return stopwatch;
  }

  void done(int more) {
    done.addAndGet(more);
  }

  void lost(int more) {
    lost.addAndGet(more);
  }

  void error(Object error) {
    errors.add(error.toString());
  }

  long doneSoFar() {
    return done.get();
  }

  /** As one line of JSON. */
  String line(String doneName) {
    String text = String.join("; ", errors).replaceAll("[\"\\\\\\p{Cntrl}]", "'");
    return String.format(
        Locale.ROOT,
        "{\"%s\":%d,\"lost\":%d,\"errors\":%d,\"max_wait_ms\":%.3f,\"error_texts\":\"%s\"}",
        doneName,
        done.get(),
        lost.get(),
        errors.size(),
        stopwatch.longestMillis(),
        text.substring(0, Math.min(500, text.length())));
  }

  /** The numbers of a line. */
  static Map<String, Double> numbers(String line) {
    int texts = line.indexOf("\"error_texts\"");
    Matcher matcher = NUMBER.matcher(texts < 0 ? line : line.substring(0, texts));
    Map<String, Double> numbers = new HashMap<>();
    while (matcher.find()) {
      numbers.put(matcher.group(1), Double.valueOf(matcher.group(2)));
    }
    return numbers;
  }
}
