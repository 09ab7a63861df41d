package io.honker.transport.redis;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.SslOptions;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultClientResources;
import io.lettuce.core.resource.Delay;
import io.netty.util.HashedWheelTimer;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The client's threads and its two ways of connecting. Plain connections never reconnect, so
 * nothing is ever sent twice or late by the client; those that subscribe do, and subscribe again.
 */
final class RedisClients implements AutoCloseable {

  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);
  private static final long SHUTDOWN_SECONDS = 5;

  /**
   * Nothing but the pauses before reconnecting hangs on the timer, which wakes as often as this.
   */
  private static final long TICK_MILLIS = 250;

  /** Receivers send nothing, so only this tells them that the server is gone without a word. */
  private static final SocketOptions.KeepAliveOptions KEEP_ALIVE =
      SocketOptions.KeepAliveOptions.builder()
          .enable()
          .idle(Duration.ofSeconds(30))
          .interval(Duration.ofSeconds(10))
          .count(3)
          .build();

  private final HashedWheelTimer timer =
      new HashedWheelTimer(threads("timer"), TICK_MILLIS, TimeUnit.MILLISECONDS);

  private final ClientResources resources;
  private final RedisClient plain;
  private final RedisClient subscribing;
  private final AtomicBoolean closed = new AtomicBoolean();

  RedisClients(RedisSettings settings) {
    this.resources =
        DefaultClientResources.builder()
            .ioThreadPoolSize(2)
            .computationThreadPoolSize(2)
            .threadFactoryProvider(RedisClients::threads)
            .timer(timer)
            .reconnectDelay(
                Delay.exponential(Duration.ofMillis(10), LONGEST_PAUSE, 2, TimeUnit.MILLISECONDS))
            .build();
    this.plain = client(settings, false);
    this.subscribing = client(settings, true);
  }

  private static ThreadFactory threads(String purpose) {
    return new DefaultThreadFactory("honker-redis-" + purpose, true);
  }

  private RedisClient client(RedisSettings settings, boolean reconnect) {
    RedisClient client = RedisClient.create(resources, settings.uri());
    client.setOptions(
        ClientOptions.builder()
            .autoReconnect(reconnect)
            .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
            .replayFilter(command -> true) // drop them all
            .socketOptions(
                SocketOptions.builder()
                    .connectTimeout(settings.timeout())
                    .keepAlive(KEEP_ALIVE)
                    .build())
            .sslOptions(ssl(settings))
            .build());
    return client;
  }

  private static SslOptions ssl(RedisSettings settings) {
    // Ends before the greeting behind it does, which could not say that it is no TLS port.
    Duration handshake = settings.timeout().multipliedBy(4).dividedBy(5);
    SslOptions.Builder ssl = SslOptions.builder().handshakeTimeout(handshake);
    if (settings.trust() != null) {
      ssl.trustManager(settings.trust());
    }
    return ssl.build();
  }

  RedisClient plain() {
    return plain;
  }

  RedisClient subscribing() {
    return subscribing;
  }

  /** Interrupted or not: nothing may be left behind. */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      CompletableFuture<Void> both =
          CompletableFuture.allOf(
              plain.shutdownAsync(0, SHUTDOWN_SECONDS, TimeUnit.SECONDS),
              subscribing.shutdownAsync(0, SHUTDOWN_SECONDS, TimeUnit.SECONDS));
      boolean unused = both.handle((done, failure) -> true).join();
      resources.shutdown(0, SHUTDOWN_SECONDS, TimeUnit.SECONDS).awaitUninterruptibly();
      timer.stop(); // one that is given is not ended with the rest
    }
  }
}
