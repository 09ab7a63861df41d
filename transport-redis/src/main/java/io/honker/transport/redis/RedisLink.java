package io.honker.transport.redis;

import io.honker.time.HonkerClock;
import io.honker.time.SystemClock;
import io.honker.transport.TransportException;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.codec.StringCodec;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One connection that is used until it fails and is then replaced by the next call. The client's
 * own reconnecting is off: it would send commands again that have timed out for their callers.
 *
 * <p>Safe for use by multiple threads.
 */
final class RedisLink implements AutoCloseable {

  private static final HonkerClock CLOCK = SystemClock.instance();

  private final RedisClient client;
  private final RedisSettings settings;
  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable StatefulRedisConnection<String, String> connection; // guarded by lock
  private boolean closed; // guarded by lock

  RedisLink(RedisClient client, RedisSettings settings) {
    this.client = client;
    this.settings = settings;
  }

  /** A command on its way, and where it went. */
  record Sent<T extends @Nullable Object>(
      String what, RedisFuture<T> future, StatefulRedisConnection<String, String> by) {}

  /** Runs a command and waits for its answer, interrupted or not. */
  <T extends @Nullable Object> T call(
      String what, Function<RedisAsyncCommands<String, String>, RedisFuture<T>> command) {
    Sent<T> sent = send(what, command);
    long end = CLOCK.nanoTime() + settings.timeout().toNanos();
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return answer(sent, end - CLOCK.nanoTime());
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Sends a command without waiting for its answer. */
  <T extends @Nullable Object> Sent<T> send(
      String what, Function<RedisAsyncCommands<String, String>, RedisFuture<T>> command) {
    StatefulRedisConnection<String, String> current = connect(what);
    try {
      return new Sent<>(what, command.apply(current.async()), current);
    } catch (RedisException e) {
      drop(current);
      throw RedisErrors.of(what, settings.where(), e);
    }
  }

  /** Waits for an answer; any failure but the server's refusal ends the connection. */
  <T extends @Nullable Object> T answer(Sent<T> sent, long nanos) throws InterruptedException {
    try {
      return sent.future().get(Math.max(0, nanos), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      throw failed(sent, e.getCause() == null ? e : e.getCause());
    } catch (TimeoutException | CancellationException e) {
      sent.future().cancel(true); // if it is not sent yet it never will be
      throw failed(sent, e);
    }
  }

  private TransportException failed(Sent<?> sent, Throwable cause) {
    if (RedisErrors.find(RedisCommandExecutionException.class, cause) == null) {
      drop(sent.by());
    }
    return RedisErrors.of(sent.what(), settings.where(), cause);
  }

  private StatefulRedisConnection<String, String> connect(String what) {
    lock.lock();
    try {
      if (closed) {
        throw new IllegalStateException("the transport or its reader is closed");
      }
      StatefulRedisConnection<String, String> current = connection;
      if (current == null || !current.isOpen()) {
        // Joined, because a connection that an interrupted thread has turned from would stay open.
        current =
            client.connectAsync(StringCodec.UTF8, settings.uri()).toCompletableFuture().join();
        connection = current;
      }
      return current;
    } catch (RedisException | CompletionException e) {
      throw RedisErrors.of(what, settings.where(), e);
    } finally {
      lock.unlock();
    }
  }

  private void drop(StatefulRedisConnection<String, String> failed) {
    lock.lock();
    try {
      if (connection == failed) {
        connection = null;
      }
    } finally {
      lock.unlock();
    }
    CompletableFuture<Void> unused = failed.closeAsync(); // a hanging server must not hold us up
  }

  boolean isClosed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    StatefulRedisConnection<String, String> last;
    lock.lock();
    try {
      closed = true;
      last = connection;
      connection = null;
    } finally {
      lock.unlock();
    }
    if (last != null) {
      CompletableFuture<Void> unused = last.closeAsync(); // shutting the client down waits
    }
  }
}
