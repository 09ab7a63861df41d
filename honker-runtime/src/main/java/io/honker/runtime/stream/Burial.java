package io.honker.runtime.stream;

import io.honker.runtime.engine.Engine;
import io.honker.runtime.engine.Failures;
import io.honker.runtime.loop.Seconds;
import io.honker.runtime.store.EventRow;
import io.honker.runtime.store.JobStore;
import io.honker.runtime.store.NewJob;
import io.honker.runtime.store.StoreConnection;
import java.sql.SQLException;

/** Makes dead letters of events that no handler takes. */
final class Burial {

  private final Engine engine;
  private final JobStore jobs;
  private final String queue;
  private final int maxAttempts;

  Burial(Engine engine, String topic, String consumer, int maxAttempts) {
    this.engine = engine;
    this.jobs = engine.store().jobs();
    this.queue = "_stream:" + topic + ":" + consumer;
    this.maxAttempts = maxAttempts;
  }

  /** A dead letter that is ready to be written. */
  record DeadLetter(NewJob job, String payload, int attempts, String reason) {}

  DeadLetter prepare(Delivery<?> delivery, Throwable why) {
    long now = Seconds.of(engine.clock().now());
    NewJob job = new NewJob(queue, 0, now, maxAttempts, now, null);
    return new DeadLetter(
        job, document(delivery.row()), delivery.attempts(), Failures.describe(why));
  }

  /** Writes a dead letter in the caller's transaction and returns its id. */
  long write(StoreConnection c, DeadLetter letter) throws SQLException {
    return jobs.insertDead(c, letter.job(), letter.payload(), letter.attempts(), letter.reason());
  }

  private String document(EventRow row) {
    return "{\"offset\":"
        + row.offset()
        + ",\"key\":"
        + engine.encode(row.key())
        + ",\"payload\":"
        + embedded(row.payload())
        + ",\"published_at\":"
        + row.createdAt()
        + "}";
  }

  /** The payload as it is, or as a text if it is no JSON at all. */
  private String embedded(String payload) {
    try {
      Object ignored = engine.decode(payload, Object.class);
      return payload;
    } catch (RuntimeException notJson) {
      return engine.encode(payload);
    }
  }
}
