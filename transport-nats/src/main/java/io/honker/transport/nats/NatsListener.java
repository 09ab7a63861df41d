package io.honker.transport.nats;

import io.nats.client.AuthenticationException;
import io.nats.client.Connection;
import io.nats.client.ConnectionListener;
import io.nats.client.Consumer;
import io.nats.client.ErrorListener;
import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hears what the client tells about its connection. */
final class NatsListener implements ErrorListener, ConnectionListener {

  private static final Logger LOG = LoggerFactory.getLogger("io.honker.transport.nats");

  private final AtomicLong reconnections = new AtomicLong();
  private volatile @Nullable Exception lastFailure;
  private volatile @Nullable String lastError;

  long reconnections() {
    return reconnections.get();
  }

  /** What the client throws when it cannot connect does not say why; this does. */
  Exception reasonFor(Exception thrown) {
    String error = lastError;
    if (error != null && error.toLowerCase(Locale.ROOT).contains("authorization")) {
      return new AuthenticationException(error);
    }
    Exception reason = lastFailure;
    return reason != null && thrown.getClass() == IOException.class ? reason : thrown;
  }

  @Override
  @SuppressWarnings("deprecation") // the one that must be implemented
  public void connectionEvent(Connection connection, Events event) {
    LOG.debug("connection: {}", event);
    if (event == Events.RECONNECTED || event == Events.DISCONNECTED) {
      reconnections.incrementAndGet();
    }
  }

  @Override
  public void errorOccurred(Connection connection, String error) {
    lastError = error;
    LOG.warn("the server says: {}", error);
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
