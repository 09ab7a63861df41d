package io.honker.transport.nats;

import io.honker.transport.Broadcast;
import io.honker.transport.TransportException;
import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Core NATS. Receivers run on one thread of the client; the client subscribes again by itself. */
final class NatsBroadcast implements Broadcast {

  private static final Logger LOG = LoggerFactory.getLogger("io.honker.transport.nats");
  private static final int MAX_CHANNEL_BYTES = 1_000;
  private static final long MAX_WAITING = 10_000;
  private static final long MAX_WAITING_BYTES = 64L << 20;

  private final NatsLink link;
  private final NatsSettings settings;
  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable Dispatcher dispatcher; // guarded by lock

  NatsBroadcast(NatsLink link, NatsSettings settings) {
    this.link = link;
    this.settings = settings;
  }

  private String subject(String channel) {
    if (channel.isBlank() || channel.getBytes(StandardCharsets.UTF_8).length > MAX_CHANNEL_BYTES) {
      throw new IllegalArgumentException("a channel is not blank and has at most 1000 bytes");
    }
    return settings.channelSubject(channel);
  }

  @Override
  public void send(String channel, String message) {
    String subject = subject(channel);
    byte[] data = message.getBytes(StandardCharsets.UTF_8);
    link.ask(
        "sending to channel " + channel,
        (connection, options) -> {
          requireFit(channel, data, connection.getMaxPayload());
          connection.publish(subject, data);
          return flushed(connection, settings.timeout());
        });
  }

  private void requireFit(String channel, byte[] data, long most) {
    if (data.length > most) {
      throw new TransportException(
          "a message to channel "
              + channel
              + " has "
              + data.length
              + " bytes, the server at "
              + settings.where()
              + " takes "
              + most
              + "; raise its max_payload",
          false,
          null);
    }
  }

  private static boolean flushed(Connection connection, Duration timeout)
      throws IOException, InterruptedException {
    try {
      connection.flush(timeout);
      return true;
    } catch (TimeoutException e) {
      throw new IOException(e);
    }
  }

  @Override
  public Subscription receive(String channel, Consumer<String> receiver) {
    String subject = subject(channel);
    AtomicBoolean closed = new AtomicBoolean();
    return link.ask(
        "receiving from channel " + channel,
        (connection, options) -> {
          Dispatcher by = dispatcher(connection);
          io.nats.client.Subscription subscription =
              by.subscribe(
                  subject,
                  message -> {
                    if (!closed.get()) {
                      run(channel, receiver, message.getData());
                    }
                  });
          Subscription result =
              () -> {
                if (closed.compareAndSet(false, true) && by.isActive()) {
                  by.unsubscribe(subscription);
                }
              };
          try {
            flushed(connection, settings.timeout()); // the server has it when it has answered
            return result;
          } catch (IOException | InterruptedException | RuntimeException e) {
            result.close();
            throw e;
          }
        });
  }

  private Dispatcher dispatcher(Connection connection) {
    lock.lock();
    try {
      Dispatcher current = dispatcher;
      if (current == null) {
        current = connection.createDispatcher();
        current.setPendingLimits(MAX_WAITING, MAX_WAITING_BYTES);
        dispatcher = current;
      }
      return current;
    } finally {
      lock.unlock();
    }
  }

  private static void run(String channel, Consumer<String> receiver, byte[] data) {
    try {
      receiver.accept(new String(data, StandardCharsets.UTF_8));
    } catch (RuntimeException e) {
      LOG.error("a receiver of channel {} failed", channel, e);
    }
  }
}
