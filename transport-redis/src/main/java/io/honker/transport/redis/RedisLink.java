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

  /** To the server, TLS, and greeting; each has the whole timeout. */
  private static final int STEPS_OF_CONNECTING = 3;

  private final RedisClient client;
  private final RedisSettings settings;
  private final ReentrantLock lock = new ReentrantLock();

  /** Made or being made; one attempt for all who call meanwhile. Guarded by lock. */
  private @Nullable CompletableFuture<StatefulRedisConnection<String, String>> connection;

  /** Set when it is closed, completed when the connection is. Guarded by lock. */
  private @Nullable CompletableFuture<Void> closing;

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
    return uninterruptibly(() -> answer(sent, end - CLOCK.nanoTime()));
  }

  /** Something that waits until a time that does not change. */
  interface Waiting<T extends @Nullable Object> {
    T run() throws InterruptedException;
  }

  /** Waits on when interrupted, and leaves the flag set. */
  static <T extends @Nullable Object> T uninterruptibly(Waiting<T> waiting) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return waiting.run();
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

  /** Sends a command without waiting for its answer, only for the connection. */
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
    @Nullable RedisCommandExecutionException refusal =
        RedisErrors.find(RedisCommandExecutionException.class, cause);
    if (refusal == null || RedisErrors.isOfTheConnection(refusal)) {
      drop(sent.by());
    }
    return RedisErrors.of(sent.what(), settings.where(), cause);
  }

  private StatefulRedisConnection<String, String> connect(String what) {
    CompletableFuture<StatefulRedisConnection<String, String>> current = connecting();
    // The client gives up earlier, step by step, and only it can say why.
    long end = CLOCK.nanoTime() + STEPS_OF_CONNECTING * settings.timeout().toNanos();
    try {
      return uninterruptibly(() -> connected(current, end));
    } catch (CompletionException e) {
      requireOpen();
      throw RedisErrors.of(what, settings.where(), e);
    }
  }

  private static StatefulRedisConnection<String, String> connected(
      CompletableFuture<StatefulRedisConnection<String, String>> current, long end)
      throws InterruptedException {
    try {
      return current.get(Math.max(0, end - CLOCK.nanoTime()), TimeUnit.NANOSECONDS);
    } catch (ExecutionException | TimeoutException | CancellationException e) {
      throw new CompletionException(e);
    }
  }

  /** Never cancelled: a connection that is turned from while it is made would stay open. */
  private CompletableFuture<StatefulRedisConnection<String, String>> connecting() {
    lock.lock();
    try {
      requireOpen();
      CompletableFuture<StatefulRedisConnection<String, String>> current = connection;
      if (current == null || isOver(current)) {
        if (current != null && !current.isCompletedExceptionally()) {
          CompletableFuture<Void> unused = current.join().closeAsync(); // or the client keeps it
        }
        current = begin();
        connection = current;
      }
      return current;
    } finally {
      lock.unlock();
    }
  }

  private static boolean isOver(
      CompletableFuture<StatefulRedisConnection<String, String>> connection) {
    return connection.isCompletedExceptionally()
        || (connection.isDone() && !connection.join().isOpen());
  }

  private CompletableFuture<StatefulRedisConnection<String, String>> begin() {
    try {
      return client.connectAsync(StringCodec.UTF8, settings.uri()).toCompletableFuture();
    } catch (RuntimeException e) { // such as from a client that is being shut down
      return CompletableFuture.failedFuture(e);
    }
  }

  private void requireOpen() {
    if (isClosed()) {
      throw new IllegalStateException("the transport or its reader is closed; close bridges first");
    }
  }

  /** Closes it, unless somebody else has let go of it, and so closed it, already. */
  private void drop(StatefulRedisConnection<String, String> failed) {
    boolean current;
    lock.lock();
    try {
      current =
          connection != null
              && !connection.isCompletedExceptionally()
              && connection.getNow(null) == failed;
      connection = current ? null : connection;
    } finally {
      lock.unlock();
    }
    if (current) {
      CompletableFuture<Void> unused = failed.closeAsync(); // a hanging server must not hold us up
    }
  }

  boolean isClosed() {
    lock.lock();
    try {
      return closing != null;
    } finally {
      lock.unlock();
    }
  }

  /** Closes it; ends when the connection is closed too. */
  CompletableFuture<Void> closeAsync() {
    lock.lock();
    try {
      if (closing == null) {
        closing =
            connection == null
                ? CompletableFuture.completedFuture(null)
                : connection.thenCompose(StatefulRedisConnection::closeAsync);
        connection = null;
      }
      return closing;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    CompletableFuture<Void> unused = closeAsync(); // a hanging server must not hold us up
  }
}
