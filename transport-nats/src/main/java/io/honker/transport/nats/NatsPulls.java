package io.honker.transport.nats;

import io.honker.time.HonkerClock;
import io.honker.time.SystemClock;
import io.honker.transport.TransportException;
import io.nats.client.Message;
import io.nats.client.Subscription;
import io.nats.client.api.ConsumerInfo;
import io.nats.client.support.Status;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Requests for messages of a pull consumer, one at a time, answered on one subscription that stays:
 * what comes later than it was waited for is not lost. The client's own pulling either waits for
 * full batches or does not tell when a request has ended.
 *
 * <p>Confined to one thread at a time; any thread may close it.
 */
final class NatsPulls {

  private static final Logger LOG = LoggerFactory.getLogger("io.honker.transport.nats");
  private static final HonkerClock CLOCK = SystemClock.instance();

  /** What one request may bring; memory is bounded, and the largest event fits. */
  private static final long MAX_BYTES = 16L << 20;

  /** How often a waiting reader looks whether the connection was lost. */
  private static final long SLICE = 500_000_000;

  private final NatsLink link;
  private final String what;
  private final String stream;
  private final String consumer;
  private final String requests;
  private final String inbox;
  private final long maxBytes;
  private volatile Subscription subscription;
  private final AtomicBoolean closed = new AtomicBoolean();
  private long request;

  NatsPulls(NatsLink link, String what, String stream, String consumer) {
    this.link = link;
    this.what = what;
    this.stream = stream;
    this.consumer = consumer;
    this.requests = "$JS.API.CONSUMER.MSG.NEXT." + stream + "." + consumer;
    this.inbox = link.connection().createInbox();
    this.maxBytes = Math.max(MAX_BYTES, 2 * link.connection().getMaxPayload());
    this.subscription = subscribe();
  }

  private Subscription subscribe() {
    return link.ask(what, (connection, options) -> connection.subscribe(inbox + ".*"));
  }

  /** Another connection may have taken over. */
  void keepSubscribed() {
    if (!subscription.isActive() && !isClosed()) {
      subscription = subscribe();
      if (isClosed()) {
        unsubscribe();
      }
    }
  }

  /**
   * How far the group is.
   *
   * @param unacknowledged how many events are with members
   * @param deliveredUpTo the newest that was ever with a member
   * @param acknowledgedUpTo up to which all are acknowledged
   */
  record State(long unacknowledged, long deliveredUpTo, long acknowledgedUpTo) {}

  State state() {
    ConsumerInfo info =
        link.ask(
            what,
            (connection, options) ->
                connection.jetStreamManagement(options).getConsumerInfo(stream, consumer));
    return new State(
        info.getNumAckPending(),
        info.getDelivered().getStreamSequence(),
        info.getAckFloor().getStreamSequence());
  }

  /** What came after its request was given up. */
  List<Message> takeLate() throws InterruptedException {
    return answered(receive(null, Integer.MAX_VALUE, 0));
  }

  /**
   * At most so many of what there is. A server that has removed messages meanwhile may think that
   * there are some and not answer; then it is asked in a way that it always answers.
   */
  List<Message> now(int max) throws InterruptedException {
    long half = link.timeoutNanos() / 2;
    List<Message> messages = receive(send(request(max, 0)), max, half);
    return messages == null ? answered(receive(send(request(max, half / 2)), max, half)) : messages;
  }

  /** At most so many of what there is, or of what comes first in time. */
  List<Message> first(int max, long nanos) throws InterruptedException {
    return answered(receive(send(request(max, nanos)), max, nanos + link.timeoutNanos()));
  }

  /** Without a time it ends at once, otherwise when something is there. */
  private String request(int max, long nanos) {
    String expires = nanos > 0 ? ",\"expires\":" + nanos : "";
    return "{\"batch\":" + max + ",\"no_wait\":true,\"max_bytes\":" + maxBytes + expires + "}";
  }

  private List<Message> answered(@Nullable List<Message> messages) {
    if (messages == null) {
      throw link.failure(what, new TimeoutException("the server does not answer"));
    }
    return messages;
  }

  /** Waits without asking. */
  List<Message> pause(long nanos) throws InterruptedException {
    return answered(receive(null, 1, nanos));
  }

  private String send(String body) {
    request++;
    String reply = inbox + "." + request;
    link.ask(
        what,
        (connection, options) -> {
          connection.publish(requests, reply, body.getBytes(StandardCharsets.UTF_8));
          return true;
        });
    return reply;
  }

  /**
   * Receives until a request has been answered in full, or the server has said that it ended. If
   * the time is up or the connection was lost, what came is returned, and null if nothing came;
   * without a request that is no failure.
   */
  private @Nullable List<Message> receive(@Nullable String reply, int max, long nanos)
      throws InterruptedException {
    List<Message> messages = new ArrayList<>();
    long end = CLOCK.nanoTime() + nanos;
    long reconnections = link.reconnections();
    while (messages.size() < max) {
      Message message = next(reply == null ? end : Math.min(end, CLOCK.nanoTime() + SLICE));
      if (message == null) {
        if (reply == null || !messages.isEmpty()) {
          return messages;
        }
        if (CLOCK.nanoTime() - end >= 0 || link.reconnections() != reconnections) {
          return null;
        }
      } else if (!message.isStatusMessage()) {
        messages.add(message);
      } else if (message.getSubject().equals(reply)) {
        check(message.getStatus());
        return messages;
      }
    }
    return messages;
  }

  private @Nullable Message next(long end) throws InterruptedException {
    long left = end - CLOCK.nanoTime();
    return subscription.nextMessage(left > 0 ? Duration.ofNanos(left) : null); // null: do not wait
  }

  /** A request that ended with fewer messages than asked for is no failure, others are. */
  private void check(Status status) {
    switch (status.getCode()) {
      case 404, 408 -> {
        // nothing more there
      }
      case 409 -> {
        String text = status.getMessage();
        if (text.startsWith("Exceeded")
            || text.startsWith("Message Size Exceeds")
            || text.startsWith("Server Shutdown")) {
          LOG.debug("a request for messages ended: {}", text);
        } else {
          throw new TransportException(what + " ended: " + text, true, null);
        }
      }
      default ->
          throw new TransportException(
              what
                  + " failed: the group's consumer is gone or the server is not ready ("
                  + status
                  + "); open the reader again",
              true,
              null);
    }
  }

  boolean isClosed() {
    return closed.get();
  }

  /** Ends receiving; false if it had ended already. */
  boolean close() {
    if (!closed.compareAndSet(false, true)) {
      return false;
    }
    unsubscribe();
    return true;
  }

  private void unsubscribe() {
    try {
      subscription.unsubscribe();
    } catch (IllegalStateException e) {
      LOG.debug("the connection is closed already", e);
    }
  }
}
