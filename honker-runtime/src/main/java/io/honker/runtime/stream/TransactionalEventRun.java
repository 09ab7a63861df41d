package io.honker.runtime.stream;

import io.honker.error.HonkerException;
import io.honker.runtime.engine.Engine;
import io.honker.runtime.loop.HandlerGate;
import io.honker.runtime.store.StoreConnection;
import io.honker.runtime.store.StreamStore;
import io.honker.runtime.store.WriteOperation;
import io.honker.stream.StreamEvent;
import io.honker.stream.TransactionalEventHandler;
import io.honker.tx.Transaction;
import java.sql.SQLException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Runs a handler inside the transaction that moves the consumer's offset (rule S-4).
 *
 * <p>The first statement checks that the saved offset is still what this subscriber believes: if
 * another subscriber of the consumer was first, nothing is handled and this one goes on from there.
 */
final class TransactionalEventRun<T> implements EventRun<T> {

  /** Carries what a handler threw through the rollback. */
  private static final class HandlerThrewException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    HandlerThrewException(Throwable cause) {
      super(null, cause, false, false);
    }
  }

  private final Engine engine;
  private final StreamStore streams;
  private final String topic;
  private final String consumer;
  private final TransactionalEventHandler<T> handler;
  private final Burial burial;
  private final HandlerGate gate;

  TransactionalEventRun(
      Engine engine,
      TopicContext<T> context,
      String consumer,
      TransactionalEventHandler<T> handler,
      Burial burial,
      HandlerGate gate) {
    this.engine = engine;
    this.streams = engine.store().streams();
    this.topic = context.topic();
    this.consumer = consumer;
    this.handler = handler;
    this.burial = burial;
    this.gate = gate;
  }

  @Override
  public Outcome run(Delivery<T> delivery, long position) {
    StreamEvent<T> event = Objects.requireNonNull(delivery.event());
    boolean[] handled = new boolean[1];
    try {
      long now =
          engine.<Long, RuntimeException>inTransaction(
              tx -> handleIn(tx, event, position, handled));
      return new Outcome(now, null);
    } catch (HandlerThrewException e) {
      return new Outcome(position, e.getCause());
    } catch (HonkerException e) {
      if (handled[0] && !e.isRetryable()) {
        return new Outcome(position, e); // what the handler wrote cannot be committed
      }
      throw e; // the store's trouble, not the handler's
    }
  }

  private long handleIn(Transaction tx, StreamEvent<T> event, long position, boolean[] handled) {
    long saved = engine.write(tx, "checking the offset", c -> saved(c, position));
    if (saved != position || !gate.enter()) {
      return saved;
    }
    @Nullable Throwable failure = null;
    try {
      handler.handle(event, tx);
    } catch (Throwable t) {
      failure = t;
    } finally {
      gate.leave();
    }
    if (failure != null) {
      throw new HandlerThrewException(failure);
    }
    handled[0] = true;
    engine.write(
        tx, "saving the offset", c -> streams.saveOffset(c, topic, consumer, event.offset()));
    return event.offset();
  }

  /** A consumer that was forgotten while it ran is where it was. */
  private long saved(StoreConnection c, long position) throws SQLException {
    return streams.savedOffset(c, topic, consumer).orElse(position);
  }

  @Override
  public Buried bury(Delivery<T> delivery, Throwable why, long position) {
    Burial.DeadLetter letter = burial.prepare(delivery, why);
    long offset = delivery.row().offset();
    return engine.write(
        "bury",
        WriteOperation.<Buried>statements(
            c -> {
              long saved = saved(c, position);
              if (saved != position) {
                return new Buried(saved, 0);
              }
              streams.saveOffset(c, topic, consumer, offset);
              return new Buried(offset, burial.write(c, letter));
            }));
  }

  @Override
  public boolean savesOffsets() {
    return true;
  }
}
