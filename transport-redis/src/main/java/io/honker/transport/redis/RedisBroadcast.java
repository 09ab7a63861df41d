package io.honker.transport.redis;

import io.honker.transport.Broadcast;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Pub/sub on one connection that is made when somebody first receives. Receivers run on a thread of
 * their own: on the client's they could not call the transport.
 */
final class RedisBroadcast implements Broadcast, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger("io.honker.transport.redis");
  private static final int MAX_CHANNEL_BYTES = 1_000;
  private static final int MAX_WAITING = 10_000;
  private static final long MAX_WAITING_CHARACTERS = 32L << 20;

  private final RedisClient client;
  private final RedisLink link;
  private final RedisSettings settings;
  private final Map<String, List<Receiver>> receivers = new ConcurrentHashMap<>();
  private final ThreadPoolExecutor deliveries;
  private final AtomicLong waiting = new AtomicLong();

  /** Held while the connection is made and while channels are subscribed to. */
  private final ReentrantLock lock = new ReentrantLock();

  private @Nullable StatefulRedisPubSubConnection<String, String> connection; // guarded by lock
  private boolean closed; // guarded by lock

  /** One who receives; each is a subscription of its own, also if the consumer is the same. */
  private final class Receiver implements Subscription {
    private final String channel;
    private final Consumer<String> consumer;

    Receiver(String channel, Consumer<String> consumer) {
      this.channel = channel;
      this.consumer = consumer;
    }

    @Override
    public void close() {
      remove(this);
    }
  }

  RedisBroadcast(RedisClient client, RedisLink link, RedisSettings settings) {
    this.client = client;
    this.link = link;
    this.settings = settings;
    this.deliveries =
        new ThreadPoolExecutor(
            1,
            1,
            1,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(MAX_WAITING),
            new DefaultThreadFactory("honker-redis-broadcast", true),
            (late, pool) -> {
              if (late instanceof Delivery delivery) {
                delivery.forget();
                dropped();
              }
            });
    deliveries.allowCoreThreadTimeOut(true);
  }

  private String channel(String name) {
    Objects.requireNonNull(name, "channel");
    if (name.isBlank() || name.getBytes(StandardCharsets.UTF_8).length > MAX_CHANNEL_BYTES) {
      throw new IllegalArgumentException("a channel is not blank and has at most 1000 bytes");
    }
    return settings.channel(name);
  }

  @Override
  public void send(String channel, String message) {
    Objects.requireNonNull(message, "message");
    String name = channel(channel);
    link.call("sending to channel " + channel, redis -> redis.publish(name, message));
  }

  @Override
  public Subscription receive(String channel, Consumer<String> receiver) {
    Objects.requireNonNull(receiver, "receiver");
    Receiver added = new Receiver(channel(channel), receiver);
    lock.lock();
    try {
      if (closed) {
        throw new IllegalStateException("the transport is closed; close bridges first");
      }
      StatefulRedisPubSubConnection<String, String> current = connect();
      List<Receiver> others =
          receivers.computeIfAbsent(added.channel, name -> new CopyOnWriteArrayList<>());
      others.add(added);
      if (others.size() == 1) {
        current.sync().subscribe(added.channel); // returns when it is confirmed
      }
      return added;
    } catch (RedisException | CompletionException e) {
      forget(added);
      throw RedisErrors.of("receiving from channel " + channel, settings.where(), e);
    } finally {
      lock.unlock();
    }
  }

  private StatefulRedisPubSubConnection<String, String> connect() {
    StatefulRedisPubSubConnection<String, String> current = connection;
    if (current == null) {
      // Joined, because a connection that an interrupted thread has turned from would stay open.
      current =
          client.connectPubSubAsync(StringCodec.UTF8, settings.uri()).toCompletableFuture().join();
      current.addListener(
          new RedisPubSubAdapter<>() {
            @Override
            public void message(String channel, String message) {
              deliver(channel, message);
            }
          });
      connection = current;
    }
    return current;
  }

  /** Bounded in messages by the queue and in memory by their characters. */
  private void deliver(String channel, String message) {
    for (Receiver receiver : receivers.getOrDefault(channel, List.of())) {
      long length = message.length();
      if (waiting.addAndGet(length) > MAX_WAITING_CHARACTERS && waiting.get() > length) {
        waiting.addAndGet(-length);
        dropped();
      } else {
        deliveries.execute(new Delivery(receiver, message));
      }
    }
  }

  private final class Delivery implements Runnable {
    private final Receiver receiver;
    private final String message;

    Delivery(Receiver receiver, String message) {
      this.receiver = receiver;
      this.message = message;
    }

    @Override
    public void run() {
      forget();
      RedisBroadcast.this.run(receiver, message);
    }

    void forget() {
      waiting.addAndGet(-message.length());
    }
  }

  private static void dropped() {
    LOG.warn("a broadcast receiver is too slow; a message is dropped");
  }

  private void run(Receiver receiver, String message) {
    if (!receivers.getOrDefault(receiver.channel, List.of()).contains(receiver)) {
      return; // closed meanwhile
    }
    try {
      receiver.consumer.accept(message);
    } catch (RuntimeException e) {
      LOG.error("a receiver of {} failed", receiver.channel, e);
    }
  }

  private void remove(Receiver receiver) {
    lock.lock();
    try {
      if (forget(receiver) && connection != null) {
        RedisFuture<Void> unused = connection.async().unsubscribe(receiver.channel);
      }
    } catch (RedisException e) {
      LOG.debug("unsubscribing from {} failed", receiver.channel, e);
    } finally {
      lock.unlock();
    }
  }

  /** Takes a receiver out and tells whether it was the channel's last. */
  private boolean forget(Receiver receiver) {
    List<Receiver> others = receivers.get(receiver.channel);
    boolean last = others != null && others.remove(receiver) && others.isEmpty();
    if (last) {
      receivers.remove(receiver.channel);
    }
    return last;
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      receivers.clear();
      if (connection != null) {
        connection.close();
      }
    } finally {
      lock.unlock();
    }
    deliveries.shutdownNow();
  }
}
