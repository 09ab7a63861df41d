package io.honker.transport.nats;

import io.nats.client.AuthenticationException;
import io.nats.client.Connection;
import io.nats.client.ConnectionListener;
import io.nats.client.Consumer;
import io.nats.client.ErrorListener;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hears what the client tells about its connection. */
final class NatsListener implements ErrorListener, ConnectionListener {

  private static final Logger LOG = LoggerFactory.getLogger("io.honker.transport.nats");

  private final boolean oneServer;
  private final AtomicLong reconnections = new AtomicLong();
  private final AtomicLong refusals = new AtomicLong();
  private volatile Runnable whenOver = () -> {};
  private volatile @Nullable Exception lastFailure;
  private volatile @Nullable String lastError;
  private volatile @Nullable String lastRefusal;

  /**
   * Begins to listen.
   *
   * @param oneServer whether there is no other server to try when one refuses the login
   */
  NatsListener(boolean oneServer) {
    this.oneServer = oneServer;
  }

  /** Calls this when the client has closed a connection. */
  void whenOver(Runnable action) {
    whenOver = action;
  }

  long reconnections() {
    return reconnections.get();
  }

  /** Another connection has taken over. */
  void replaced() {
    reconnections.incrementAndGet();
  }

  /** How often the server has said that something is not allowed. */
  long refusals() {
    return refusals.get();
  }

  /** What the server has not allowed since then. */
  Optional<String> refusalSince(long then) {
    return refusals.get() == then ? Optional.empty() : Optional.ofNullable(lastRefusal);
  }

  /** What the client throws when it cannot connect does not say why; this does. */
  Exception reasonFor(Exception thrown) {
    String error = lastError;
    if (error != null && isLogin(error)) {
      return new AuthenticationException(error);
    }
    Exception reason = lastFailure;
    return reason != null && thrown.getClass() == IOException.class ? reason : thrown;
  }

  private static boolean isLogin(String error) {
    String text = error.toLowerCase(Locale.ROOT);
    return text.contains("authorization") || text.contains("authentication");
  }

  @Override
  @SuppressWarnings("deprecation") // the one that must be implemented
  public void connectionEvent(Connection connection, Events event) {
    LOG.debug("connection: {}", event);
    if (event == Events.RECONNECTED || event == Events.DISCONNECTED) {
      reconnections.incrementAndGet();
    } else if (event == Events.CONNECTED) {
      lastError = null;
    } else if (event == Events.CLOSED) {
      whenOver.run();
    }
  }

  /**
   * When the login is refused while the first connection is made, the client waits until its time
   * is up; closing it, on another thread because closing waits for this one, ends that.
   */
  @Override
  public void errorOccurred(Connection connection, String error) {
    lastError = error;
    if (error.toLowerCase(Locale.ROOT).contains("permissions violation")) {
      lastRefusal = error;
      refusals.incrementAndGet();
    }
    LOG.warn("the server says: {}", error);
    if (oneServer && isLogin(error) && connection.getStatus() == Connection.Status.CONNECTING) {
      connection.getOptions().getExecutor().execute(() -> close(connection));
    }
  }

  private static void close(Connection connection) {
    try {
      connection.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void exceptionOccurred(Connection connection, Exception failure) {
    lastFailure = failure;
    LOG.debug("the connection failed", failure);
  }

  @Override
  public void slowConsumerDetected(Connection connection, Consumer consumer) {
    LOG.warn("a receiver is too slow; messages are dropped");
  }
}
