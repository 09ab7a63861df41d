package io.honker.lab.bench;

import io.honker.Honker;
import io.honker.codec.Json;
import io.honker.stream.EventStream;
import io.honker.stream.StreamPosition;
import io.honker.stream.StreamReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;

/** This project's side of the stream cases, through its public API only. */
final class StreamRuns {

  private static final int PAGE = 1000;
  private static final Json EVENT = Json.of(Databases.Email.JSON);

  private StreamRuns() {}

  private static EventStream<Json> stream(Honker honker) {
    return honker.stream(Databases.QUEUE, Json.class);
  }

  static Figure publishSingle(Path folder, int events) {
    try (Honker honker = Databases.open(folder)) {
      EventStream<Json> stream = stream(honker);
      long begun = System.nanoTime();
      for (int i = 0; i < events; i++) {
        stream.publish(EVENT);
      }
      return Figure.rate(events, System.nanoTime() - begun);
    }
  }

  static Figure publishBatch(Path folder, int batches, int size) {
    try (Honker honker = Databases.open(folder)) {
      EventStream<Json> stream = stream(honker);
      List<Json> batch = Collections.nCopies(size, EVENT);
      long begun = System.nanoTime();
      for (int i = 0; i < batches; i++) {
        stream.publishAll(batch);
      }
      return Figure.rate((long) batches * size, System.nanoTime() - begun);
    }
  }

  static Figure replay(Path folder, int events, int times) throws InterruptedException {
    try (Honker honker = Databases.open(folder)) {
      EventStream<Json> stream = stream(honker);
      for (int i = 0; i < events / PAGE; i++) {
        stream.publishAll(Collections.nCopies(PAGE, EVENT));
      }
      long begun = System.nanoTime();
      long read = 0;
      for (int i = 0; i < times; i++) {
        try (StreamReader<Json> reader = stream.reader(StreamPosition.beginning())) {
          for (int page = -1; page != 0; ) {
            page = reader.next(PAGE, Duration.ZERO).size();
            read += page;
          }
        }
      }
      return Figure.rate(read, System.nanoTime() - begun);
    }
  }
}
