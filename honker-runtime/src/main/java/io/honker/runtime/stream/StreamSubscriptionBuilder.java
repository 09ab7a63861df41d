package io.honker.runtime.stream;

import io.honker.retry.RetryPolicy;
import io.honker.runtime.engine.Engine;
import io.honker.stream.EventHandler;
import io.honker.stream.StreamPosition;
import io.honker.stream.Subscription;
import io.honker.stream.SubscriptionBuilder;
import io.honker.stream.TransactionalEventHandler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;

/** Collects a subscription's options. */
final class StreamSubscriptionBuilder<T> implements SubscriptionBuilder {

  private static final Duration SHORTEST_LEASE = Duration.ofSeconds(2);

  private final Engine engine;
  private final TopicContext<T> context;
  private final String consumer;
  private Function<SubscriptionSettings, Subscription> starter =
      settings -> {
        throw new IllegalStateException("no handler");
      };
  private StreamPosition startAt = StreamPosition.beginning();
  private int saveEvery = 1000;
  private Duration saveInterval = Duration.ofSeconds(1);
  private RetryPolicy retry =
      RetryPolicy.exponential(Duration.ofSeconds(1)).maxDelay(Duration.ofMinutes(1));
  private int maxAttempts = 10;
  private WhenExhausted whenExhausted = WhenExhausted.STOP;
  private int concurrency = 1;
  private Duration memberLease = Duration.ofSeconds(30);
  private Duration shutdownGrace = Duration.ofSeconds(10);

  StreamSubscriptionBuilder(Engine engine, TopicContext<T> context, String consumer) {
    this.engine = engine;
    this.context = context;
    this.consumer = consumer;
  }

  SubscriptionBuilder handling(EventHandler<T> handler) {
    starter =
        settings ->
            StreamSubscription.start(
                engine,
                context,
                consumer,
                settings,
                (burial, gate) -> new PlainRun<>(engine, context, consumer, handler, burial, gate));
    return this;
  }

  SubscriptionBuilder handlingInTransaction(TransactionalEventHandler<T> handler) {
    starter =
        settings ->
            StreamSubscription.start(
                engine,
                context,
                consumer,
                settings,
                (burial, gate) ->
                    new TransactionalEventRun<>(engine, context, consumer, handler, burial, gate));
    return this;
  }

  SubscriptionBuilder inGroup(EventHandler<T> handler) {
    starter = settings -> GroupMember.start(engine, context, consumer, settings, handler);
    return this;
  }

  @Override
  public SubscriptionBuilder startAt(StreamPosition position) {
    this.startAt = Objects.requireNonNull(position, "position");
    return this;
  }

  @Override
  public SubscriptionBuilder saveEvery(int events) {
    this.saveEvery = events;
    return this;
  }

  @Override
  public SubscriptionBuilder saveInterval(Duration interval) {
    this.saveInterval = Objects.requireNonNull(interval, "interval");
    return this;
  }

  @Override
  public SubscriptionBuilder retry(RetryPolicy policy) {
    this.retry = Objects.requireNonNull(policy, "policy");
    return this;
  }

  @Override
  public SubscriptionBuilder maxAttempts(int attempts) {
    this.maxAttempts = attempts;
    return this;
  }

  @Override
  public SubscriptionBuilder whenExhausted(WhenExhausted action) {
    this.whenExhausted = Objects.requireNonNull(action, "action");
    return this;
  }

  @Override
  public SubscriptionBuilder concurrency(int handlers) {
    this.concurrency = handlers;
    return this;
  }

  @Override
  public SubscriptionBuilder memberLease(Duration ttl) {
    this.memberLease = Objects.requireNonNull(ttl, "ttl");
    return this;
  }

  @Override
  public SubscriptionBuilder shutdownGrace(Duration grace) {
    this.shutdownGrace = Objects.requireNonNull(grace, "grace");
    return this;
  }

  @Override
  public Subscription start() {
    List<String> problems = new ArrayList<>();
    if (saveEvery < 1) {
      problems.add("saveEvery must be at least 1, not " + saveEvery);
    }
    if (saveInterval.isNegative() || saveInterval.isZero()) {
      problems.add("saveInterval must be positive, not " + saveInterval);
    }
    if (maxAttempts < 1) {
      problems.add("maxAttempts must be at least 1, not " + maxAttempts);
    }
    if (concurrency < 1 || concurrency > GroupSlots.COUNT) {
      problems.add("concurrency must be from 1 to " + GroupSlots.COUNT + ", not " + concurrency);
    }
    if (memberLease.compareTo(SHORTEST_LEASE) < 0) {
      problems.add("memberLease must be at least " + SHORTEST_LEASE + ", not " + memberLease);
    }
    if (shutdownGrace.isNegative()) {
      problems.add("shutdownGrace must not be negative, but is " + shutdownGrace);
    }
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", problems));
    }
    engine.checkOpen();
    return starter.apply(
        new SubscriptionSettings(
            startAt,
            saveEvery,
            saveInterval,
            retry,
            maxAttempts,
            whenExhausted,
            concurrency,
            memberLease,
            shutdownGrace));
  }
}
