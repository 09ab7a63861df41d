package io.honker.transport.nats;

import io.honker.transport.Broadcast;
import io.honker.transport.TransportException;
import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import io.nats.client.Message;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
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
  private final Set<Receiver> receivers = ConcurrentHashMap.newKeySet();
  private @Nullable Dispatcher dispatcher; // guarded by lock

  /** One who receives; subscribes again when another connection takes over. */
  private final class Receiver implements Subscription {
    private final String channel;
    private final String subject;
    private final Consumer<String> consumer;
    private io.nats.client.@Nullable Subscription subscription; // guarded by lock
    private @Nullable Dispatcher subscribedBy; // guarded by lock

    Receiver(String channel, String subject, Consumer<String> consumer) {
      this.channel = channel;
      this.subject = subject;
      this.consumer = consumer;
    }

    void subscribe(Connection connection) {
      lock.lock();
      try {
        if (receivers.contains(this)) {
          Dispatcher by = dispatcher(connection);
          if (by != subscribedBy) { // or a connection that was replaced meanwhile did it already
            subscription = by.subscribe(subject, this::receive);
            subscribedBy = by;
          }
        }
      } finally {
        lock.unlock();
      }
    }

    private void receive(Message message) {
      if (receivers.contains(this)) {
        run(channel, consumer, message.getData());
      }
    }

    @Override
    public void close() {
      lock.lock();
      try {
        io.nats.client.Subscription current = subscription;
        Dispatcher by = subscribedBy;
        if (receivers.remove(this) && current != null && by != null && by.isActive()) {
          by.unsubscribe(current);
        }
      } catch (IllegalStateException e) {
        LOG.debug("the connection of channel {} is closed already", channel, e);
      } finally {
        lock.unlock();
      }
    }
  }

  NatsBroadcast(NatsLink link, NatsSettings settings) {
    this.link = link;
    this.settings = settings;
    link.whenReplaced(this::subscribeAgain);
  }

  private void subscribeAgain() {
    for (Receiver receiver : receivers) {
      try {
        receiver.subscribe(link.connection());
      } catch (IllegalStateException e) {
        LOG.debug("the connection is closed again", e);
      }
    }
  }

  private String subject(String channel) {
    Objects.requireNonNull(channel, "channel");
    if (channel.isBlank() || channel.getBytes(StandardCharsets.UTF_8).length > MAX_CHANNEL_BYTES) {
      throw new IllegalArgumentException("a channel is not blank and has at most 1000 bytes");
    }
    return settings.channelSubject(channel);
  }

  @Override
  public void send(String channel, String message) {
    String subject = subject(channel);
    Objects.requireNonNull(message, "message");
    byte[] data = message.getBytes(StandardCharsets.UTF_8);
    String what = "sending to channel " + channel;
    link.ask(
        what,
        (connection, options) -> {
          requireFit(channel, data, connection.getMaxPayload());
          connection.publish(subject, data);
          return true;
        });
    link.flush(what);
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

  @Override
  public Subscription receive(String channel, Consumer<String> receiver) {
    Objects.requireNonNull(receiver, "receiver");
    Receiver added = new Receiver(channel, subject(channel), receiver);
    String what = "receiving from channel " + channel;
    receivers.add(added);
    try {
      boolean unused =
          link.ask(
              what,
              (connection, options) -> {
                added.subscribe(connection);
                return true;
              });
      link.flush(what); // the server has it when it has answered
      return added;
    } catch (RuntimeException e) {
      added.close();
      throw e;
    }
  }

  /** Called with the lock held. */
  private Dispatcher dispatcher(Connection connection) {
    Dispatcher current = dispatcher;
    if (current == null || !current.isActive()) {
      current = connection.createDispatcher();
      current.setPendingLimits(MAX_WAITING, MAX_WAITING_BYTES);
      dispatcher = current;
    }
    return current;
  }

  private static void run(String channel, Consumer<String> receiver, byte[] data) {
    try {
      receiver.accept(new String(data, StandardCharsets.UTF_8));
    } catch (RuntimeException e) {
      LOG.error("a receiver of channel {} failed", channel, e);
    }
  }
}
