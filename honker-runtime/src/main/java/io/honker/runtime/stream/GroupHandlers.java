package io.honker.runtime.stream;

import io.honker.runtime.engine.Engine;
import io.honker.stream.EventHandler;
import io.honker.stream.SubscriptionBuilder.WhenExhausted;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** Delivers the events of a member's slots. Safe for use by multiple threads. */
final class GroupHandlers<T> {

  private final Engine engine;
  private final TopicContext<T> context;
  private final SubscriptionSettings settings;
  private final EventHandler<T> handler;
  private final Deliveries<T> deliveries;
  private final Burial burial;
  private final GroupKeeper keeper;
  private final Consumer<Throwable> stop;

  GroupHandlers(
      Engine engine,
      TopicContext<T> context,
      String group,
      SubscriptionSettings settings,
      EventHandler<T> handler,
      GroupKeeper keeper,
      Consumer<Throwable> stop) {
    this.engine = engine;
    this.context = context;
    this.settings = settings;
    this.handler = handler;
    this.deliveries = new Deliveries<>(engine, context, group, settings);
    this.burial = new Burial(engine, context.topic(), group, settings.maxAttempts());
    this.keeper = keeper;
    this.stop = stop;
  }

  EventDecoder<T> newDecoder() {
    return new EventDecoder<>(engine, context);
  }

  /** Makes one attempt; true if the event is done. */
  boolean deliver(
      SlotState<T> slot, Delivery<T> delivery, EventDecoder<T> decoder, BooleanSupplier closing) {
    Throwable exhausted = delivery.exhausted();
    if (exhausted != null) {
      return giveUp(slot, delivery, exhausted);
    }
    if (!deliveries.open(delivery, decoder) || !slot.gate().enter()) {
      return false;
    }
    try {
      handler.handle(Objects.requireNonNull(delivery.event()));
      return true;
    } catch (Throwable t) { // an Error of the handler must not end the member
      if (!closing.getAsBoolean() && !slot.gate().isShut()) {
        deliveries.failed(delivery, t);
      }
      return false;
    } finally {
      slot.gate().leave();
    }
  }

  private boolean giveUp(SlotState<T> slot, Delivery<T> delivery, Throwable why) {
    if (settings.whenExhausted() == WhenExhausted.STOP) {
      deliveries.tellStopped(delivery, why);
      stop.accept(why);
      return false;
    }
    Burial.DeadLetter letter = burial.prepare(delivery, why);
    Long id = keeper.bury(slot.hold(), delivery.row().offset(), burial, letter);
    if (id == null) {
      return false;
    }
    deliveries.tellDeadLettered(delivery, id, why);
    return true;
  }
}
