package io.honker.runtime.stream;

import io.honker.error.PayloadException;
import io.honker.observe.HonkerEvent;
import io.honker.runtime.engine.Engine;
import io.honker.runtime.engine.Failures;
import io.honker.runtime.engine.RetryDecision;
import io.honker.runtime.loop.Deadlines;
import io.honker.stream.StreamEvent;
import java.time.Duration;
import java.util.Optional;

/** Decides what follows a failed delivery. Safe for use by multiple threads. */
final class Deliveries<T> {

  private final Engine engine;
  private final TopicContext<T> context;
  private final String consumer;
  private final SubscriptionSettings settings;

  Deliveries(
      Engine engine, TopicContext<T> context, String consumer, SubscriptionSettings settings) {
    this.engine = engine;
    this.context = context;
    this.consumer = consumer;
    this.settings = settings;
  }

  /** Decodes the event if need be; false if that is not possible, which exhausts it. */
  boolean open(Delivery<T> delivery, EventDecoder<T> decoder) {
    if (delivery.event() != null) {
      return true;
    }
    try {
      StreamEvent<T> event = decoder.decode(delivery.row());
      delivery.event(event);
      return true;
    } catch (PayloadException e) {
      delivery.exhaust(e);
      return false;
    }
  }

  /** Notes a failed attempt and what is to follow. */
  void failed(Delivery<T> delivery, Throwable failure) {
    delivery.failedOnce();
    Optional<Duration> delay =
        delivery.attempts() >= settings.maxAttempts()
            ? Optional.empty()
            : RetryDecision.delayAfter(settings::retry, delivery.attempts(), failure);
    if (delay.isEmpty()) {
      delivery.exhaust(failure);
      return;
    }
    delivery.notBefore(Deadlines.after(engine.clock().now(), delay.get()));
    engine.observe(
        () ->
            new HonkerEvent.EventRetried(
                context.topic(),
                consumer,
                delivery.row().offset(),
                delivery.attempts(),
                delay.get(),
                Failures.describe(failure)));
  }

  void tellStopped(Delivery<T> delivery, Throwable why) {
    engine.observe(
        () ->
            new HonkerEvent.SubscriptionStopped(
                context.topic(), consumer, delivery.row().offset(), Failures.describe(why)));
  }

  void tellDeadLettered(Delivery<T> delivery, long jobId, Throwable why) {
    engine.observe(
        () ->
            new HonkerEvent.EventDeadLettered(
                context.topic(), consumer, delivery.row().offset(), jobId, Failures.describe(why)));
  }
}
