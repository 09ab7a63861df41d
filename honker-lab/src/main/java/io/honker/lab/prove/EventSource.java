package io.honker.lab.prove;

import io.honker.Honker;
import io.honker.codec.Json;
import io.honker.stream.EventStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A database that publishes {@code {"s":NAME,"n":0}}, {@code {"s":NAME,"n":1}} ... to its topics,
 * by itself while it is told to, or when asked.
 */
final class EventSource implements AutoCloseable {

  private static final int KEYS = 7;
  private static final int MOST_AT_ONCE = 12;
  private static final int LONGEST_PAUSE_NANOS = 40_000_000;

  private final String name;
  private final Honker honker;
  private final Map<String, Long> published = new ConcurrentHashMap<>();
  private @Nullable Thread writer;
  private volatile boolean stopping;
  private volatile @Nullable RuntimeException failure;

  EventSource(Path file, String name) {
    this.name = name;
    this.honker = Honker.open(file);
  }

  /** What an event of a chain is to look like. */
  static String payload(String source, long number) {
    return "{\"s\":\"" + source + "\",\"n\":" + number + "}";
  }

  static String key(long number) {
    return "k" + number % KEYS;
  }

  Honker honker() {
    return honker;
  }

  /** Publishes in one transaction. */
  void publish(String topic, int count) {
    publish(topic, count, "");
  }

  /** The padding makes payloads large. */
  void publish(String topic, int count, String padding) {
    EventStream<Json> stream = honker.stream(topic, Json.class);
    String chain = name + "/" + topic;
    long first = published.getOrDefault(chain, 0L);
    List<Long> numbers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      numbers.add(first + i);
    }
    honker.inTransaction(
        tx -> numbers.forEach(number -> stream.publish(tx, key(number), padded(number, padding))));
    published.put(chain, first + count);
  }

  private Json padded(long number, String padding) {
    String text = payload(name, number);
    return Json.of(
        padding.isEmpty()
            ? text
            : text.substring(0, text.length() - 1) + ",\"p\":\"" + padding + "\"}");
  }

  /** The counts by chain, of what is committed; chains are named {@code source/topic}. */
  Map<String, Long> published() {
    RuntimeException thrown = failure;
    if (thrown != null) {
      throw new ProofFailedException("publishing failed: " + thrown);
    }
    return new TreeMap<>(published);
  }

  long total() {
    return published().values().stream().mapToLong(Long::longValue).sum();
  }

  /** Takes over what a database has published before this process opened it. */
  void goOnAfter(Map<String, Long> counts) {
    published.putAll(counts);
  }

  /** Begins to publish by itself. */
  void begin(List<String> topics, Random random) {
    Thread started = new Thread(() -> write(topics, random), "source-" + name);
    started.setDaemon(true);
    started.start();
    writer = started;
  }

  private void write(List<String> topics, Random random) {
    try {
      while (!stopping) {
        publish(topics.get(random.nextInt(topics.size())), 1 + random.nextInt(MOST_AT_ONCE));
        Waiting.pass(random.nextInt(LONGEST_PAUSE_NANOS));
      }
    } catch (RuntimeException e) {
      failure = e;
    }
  }

  /** Ends publishing by itself. */
  void end() throws InterruptedException {
    stopping = true;
    Thread started = writer;
    if (started != null) {
      started.join();
    }
    writer = null;
    stopping = false;
  }

  @Override
  public void close() {
    stopping = true;
    honker.close();
  }
}
