package io.honker.lab.bench;

import io.honker.Honker;
import io.honker.channel.Channel;
import io.honker.codec.Json;
import io.honker.lab.bench.Databases.Email;
import io.honker.lock.HeldLock;
import io.honker.lock.Locks;
import io.honker.lock.RateLimit;
import io.honker.lock.RateLimiter;
import io.honker.schedule.Schedule;
import io.honker.schedule.Scheduler;
import io.honker.sqlite.SqliteOptions.Synchronous;
import io.honker.stream.EventStream;
import io.honker.stream.StreamEvent;
import io.honker.stream.StreamPosition;
import io.honker.stream.StreamReader;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** This project's side of the cases beyond queues, through its public API only. */
final class FeatureRuns {

  private static final int PAGE = 1000;

  private FeatureRuns() {}

  private static EventStream<Email> stream(Honker honker) {
    return honker.stream(Databases.QUEUE, Email.class);
  }

  static Figure streamPublish(Path folder, int events) {
    try (Honker honker = Databases.open(folder)) {
      EventStream<Email> stream = stream(honker);
      long begun = System.nanoTime();
      for (int i = 0; i < events; i++) {
        stream.publish(Email.SAMPLE);
      }
      return Figure.rate(events, System.nanoTime() - begun);
    }
  }

  static Figure streamPublishBatch(Path folder, int batches, int size) {
    try (Honker honker = Databases.open(folder)) {
      EventStream<Email> stream = stream(honker);
      List<Email> batch = Collections.nCopies(size, Email.SAMPLE);
      long begun = System.nanoTime();
      for (int i = 0; i < batches; i++) {
        stream.publishAll(batch);
      }
      return Figure.rate((long) batches * size, System.nanoTime() - begun);
    }
  }

  /** Reads a topic from its beginning, page by page, payloads as raw JSON as honker's side does. */
  static Figure streamReplay(Path folder, int events) throws InterruptedException {
    try (Honker honker = Databases.open(folder)) {
      EventStream<Json> stream = honker.stream(Databases.QUEUE, Json.class);
      List<Json> page = Collections.nCopies(PAGE, Json.of(Email.JSON));
      for (int i = 0; i < events; i += PAGE) {
        stream.publishAll(page);
      }
      replay(stream, events); // what was written last is in the log, not yet in the caches
      long begun = System.nanoTime();
      replay(stream, events);
      return Figure.rate(events, System.nanoTime() - begun);
    }
  }

  private static void replay(EventStream<Json> stream, int events) throws InterruptedException {
    int read = 0;
    long bytes = 0;
    try (StreamReader<Json> reader = stream.reader(StreamPosition.beginning())) {
      while (read < events) {
        for (StreamEvent<Json> event : reader.next(PAGE, Duration.ZERO)) {
          bytes += event.payload().text().length();
          read++;
        }
      }
    }
    if (bytes != (long) events * Email.JSON.length()) {
      throw new IllegalStateException("read " + bytes + " characters");
    }
  }

  static Figure notifications(Path folder, int count) {
    try (Honker honker = Databases.open(folder)) {
      Channel<Email> channel = honker.channel(Databases.QUEUE, Email.class);
      long begun = System.nanoTime();
      for (int i = 0; i < count; i++) {
        channel.notify(Email.SAMPLE);
      }
      return Figure.rate(count, System.nanoTime() - begun);
    }
  }

  static Figure lockCycle(Path folder, int cycles) {
    try (Honker honker = Databases.open(folder)) {
      Locks locks = honker.locks();
      long begun = System.nanoTime();
      for (int i = 0; i < cycles; i++) {
        try (HeldLock lock = locks.tryLock(Databases.QUEUE).orElseThrow()) {
          if (lock.fencingToken() <= 0) {
            throw new IllegalStateException("no fencing token");
          }
        }
      }
      return Figure.rate(cycles, System.nanoTime() - begun);
    }
  }

  static Figure rateLimit(Path folder, int uses) {
    try (Honker honker = Databases.open(folder)) {
      RateLimiter limiter =
          honker.rateLimiter(
              Databases.QUEUE, RateLimit.fixedWindow(1_000_000_000, Duration.ofMinutes(1)));
      long begun = System.nanoTime();
      for (int i = 0; i < uses; i++) {
        if (!limiter.tryAcquire().allowed()) {
          throw new IllegalStateException("refused");
        }
      }
      return Figure.rate(uses, System.nanoTime() - begun);
    }
  }

  /** Ticks one second apart; each finds {@code due} of {@code schedules} due. */
  static Figure schedulerTick(Path folder, int ticks, int schedules, int due) {
    try (Honker honker = Databases.open(folder)) {
      Scheduler scheduler = honker.scheduler();
      int period = schedules / due;
      Instant first = Instant.ofEpochSecond(Instant.now().getEpochSecond() + 10);
      honker.inTransaction(
          tx -> {
            for (int i = 0; i < schedules; i++) {
              scheduler.register(
                  tx,
                  Schedule.every("schedule-" + i, Duration.ofSeconds(period), Databases.QUEUE)
                      .payload(Email.SAMPLE)
                      .build());
            }
            tx.execute(
                "UPDATE _honker_scheduler_tasks SET next_fire_at = ? + rowid % ?",
                first.getEpochSecond(), period);
          });
      List<Long> nanos = new ArrayList<>(ticks);
      for (int i = 0; i < ticks; i++) {
        long begun = System.nanoTime();
        int fired = scheduler.tick(first.plusSeconds(i)).size();
        nanos.add(System.nanoTime() - begun);
        if (fired != due) {
          throw new IllegalStateException(fired + " fired instead of " + due);
        }
      }
      return Figure.latency(nanos.subList(ticks / 5, ticks));
    }
  }

  /** Enqueues through SQL, each statement a transaction of its own. */
  static Figure functionEnqueue(Path folder, int jobs) throws SQLException {
    try (Honker honker = Databases.open(folder);
        Connection connection = honker.dataSource().getConnection();
        PreparedStatement enqueue =
            connection.prepareStatement("SELECT honker_enqueue(?, ?, NULL, NULL, 0, 3, NULL)")) {
      long begun = System.nanoTime();
      for (int i = 0; i < jobs; i++) {
        enqueue.setString(1, Databases.QUEUE);
        enqueue.setString(2, Email.JSON);
        try (ResultSet row = enqueue.executeQuery()) {
          row.next();
          if (row.getLong(1) <= 0) {
            throw new IllegalStateException("no id");
          }
        }
      }
      return Figure.rate(jobs, System.nanoTime() - begun);
    }
  }

  /** The bare loop: one INSERT of three values in its own transaction. */
  static Figure rawInsert(Path folder, String sql, int rows) throws SQLException {
    try (Connection connection = Databases.raw(folder, Synchronous.NORMAL);
        PreparedStatement begin = connection.prepareStatement("BEGIN IMMEDIATE");
        PreparedStatement commit = connection.prepareStatement("COMMIT");
        PreparedStatement insert = connection.prepareStatement(sql)) {
      long begun = System.nanoTime();
      for (int i = 0; i < rows; i++) {
        begin.executeUpdate();
        insert.setString(1, Databases.QUEUE);
        insert.setString(2, Email.JSON);
        insert.setLong(3, System.currentTimeMillis() / 1000);
        try (ResultSet id = insert.executeQuery()) {
          if (!id.next() || id.getLong(1) <= 0 || id.next()) {
            throw new IllegalStateException("not one id");
          }
        }
        commit.executeUpdate();
      }
      return Figure.rate(rows, System.nanoTime() - begun);
    }
  }
}
