package io.honker.runtime.stream;

import io.honker.runtime.engine.Engine;
import io.honker.runtime.loop.Seconds;
import io.honker.runtime.store.StoreConnection;
import io.honker.runtime.store.StreamStore;
import io.honker.runtime.store.WriteOperation;
import io.honker.stream.TrimOptions;
import java.sql.SQLException;

/**
 * Deletes a topic's old end, piece by piece so that other writers get their turn. Each piece looks
 * anew how far the consumers are.
 */
final class TopicTrim {

  private static final int PIECE = 10_000;

  private final Engine engine;
  private final StreamStore streams;
  private final String topic;
  private final TrimOptions options;

  TopicTrim(Engine engine, String topic, TrimOptions options) {
    this.engine = engine;
    this.streams = engine.store().streams();
    this.topic = topic;
    this.options = options;
  }

  long run() {
    long upTo = engine.read(this::upTo);
    long total = 0;
    int piece;
    do {
      piece = engine.write("trim", WriteOperation.<Integer>statements(c -> trimPiece(c, upTo)));
      total += piece;
    } while (piece == PIECE);
    return total;
  }

  private int trimPiece(StoreConnection c, long upTo) throws SQLException {
    long to = Math.min(upTo, consumersAllow(c));
    return to <= 0 ? 0 : streams.trim(c, topic, to, PIECE);
  }

  private long consumersAllow(StoreConnection c) throws SQLException {
    return options.evenUnread()
        ? Long.MAX_VALUE
        : streams.slowestConsumer(c, topic).orElse(Long.MAX_VALUE);
  }

  /** The last offset that meets a condition. */
  private long upTo(StoreConnection c) throws SQLException {
    long upTo = 0;
    if (options.readByAll()) {
      upTo = streams.slowestConsumer(c, topic).orElse(0);
    }
    if (options.keepLatest().isPresent()) {
      long beyond = streams.offsetBeyondNewest(c, topic, options.keepLatest().getAsLong());
      upTo = Math.max(upTo, beyond);
    }
    if (options.olderThan().isPresent()) {
      long madeBefore = Seconds.before(engine.clock().now(), options.olderThan().get());
      long look = Math.min(consumersAllow(c), streams.lastOffset(c, topic));
      upTo = Math.max(upTo, streams.offsetOfOld(c, topic, madeBefore, look));
    }
    return upTo;
  }
}
