package io.honker.transport.nats;

import io.honker.transport.RemoteEvent;
import io.honker.transport.TransportException;
import io.nats.client.Connection;
import io.nats.client.JetStream;
import io.nats.client.Message;
import io.nats.client.PublishOptions;
import io.nats.client.api.PublishAck;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Sends events so that each is stored behind the one before it or not at all.
 *
 * <p>The first one is stored only if the subject's last message is the one that we know. Those
 * behind it are sent without waiting: each is stored only if the stream's very last message has the
 * id of the one before it. If one is refused, because another source got in between, all behind it
 * are refused too. Guessing sequences for the subject would not do: another source in between
 * shifts them by one, and then the one after the refused one fits.
 */
final class NatsAppends {

  private static final int MAX_WINDOW = 128;
  private static final long MAX_BYTES = 4L << 20;

  /** What the three headers that say what is expected take at most, without the id. */
  private static final int EXPECTATION_BYTES = 200;

  private final NatsLink link;
  private final String what;
  private final String stream;

  /** How many are on their way at a time: fewer when other sources get in between. */
  private final AtomicInteger window = new AtomicInteger(MAX_WINDOW);

  NatsAppends(NatsLink link, String what, String stream) {
    this.link = link;
    this.what = what;
    this.stream = stream;
  }

  /**
   * The last event of a source.
   *
   * @param offset its offset, 0 if there is none
   * @param sequence its sequence in the stream, 0 if there is none
   */
  record Place(long offset, long sequence) {
    static final Place NONE = new Place(0, 0);
  }

  /**
   * How the chain begins.
   *
   * @param first the index of the event that is stored
   * @param place where it is stored
   * @param most how many are on their way at a time
   */
  private record Start(int first, Place place, int most) {}

  private record Sent(CompletableFuture<PublishAck> answer, NatsLink.Sending sending, int bytes) {}

  /** The size of all headers, more or less; never less. */
  static long headerBytes(Message message, String subject, RemoteEvent event) {
    return message.getHeaders().serializedLength()
        + 2L * NatsEvents.id(subject, event).length()
        + EXPECTATION_BYTES;
  }

  /**
   * Sends events behind the last one of their subject.
   *
   * @return the last one then: what was given if none was stored
   */
  Place send(String subject, List<RemoteEvent> events, List<Message> messages, Place last) {
    int most = window.get();
    Place reached = last;
    JetStream to = link.ask(what, Connection::jetStream);
    for (int i = 0; i < events.size(); i++) {
      PublishOptions first =
          expecting(subject, events.get(i)).expectedLastSubjectSequence(reached.sequence()).build();
      long answer = await(publish(to, messages.get(i), first));
      if (answer == 0) {
        return reached;
      }
      reached = new Place(events.get(i).offset(), answer);
      if (most > 1 && i + 1 < events.size()) {
        return sendChained(to, subject, events, messages, new Start(i, reached, most));
      }
    }
    widen(most);
    return reached;
  }

  /** Sends those behind the first one, which is stored. */
  private Place sendChained(
      JetStream to, String subject, List<RemoteEvent> events, List<Message> messages, Start start) {
    int most = start.most();
    Deque<Sent> sent = new ArrayDeque<>();
    long bytes = 0;
    Place reached = start.place();
    int stored = start.first() + 1;
    int next = stored;
    while (stored < events.size()) {
      while (next < events.size() && sent.size() < most && bytes < MAX_BYTES) {
        String before = NatsEvents.id(subject, events.get(next - 1));
        PublishOptions options =
            expecting(subject, events.get(next)).expectedLastMsgId(before).build();
        Sent one = publish(to, messages.get(next), options);
        sent.add(one);
        bytes += one.bytes();
        next++;
      }
      Sent oldest = sent.remove();
      bytes -= oldest.bytes();
      long answer = await(oldest);
      if (answer == 0) {
        window.set(Math.max(1, most / 4));
        return reached;
      }
      reached = new Place(events.get(stored).offset(), answer);
      stored++;
    }
    widen(most);
    return reached;
  }

  private void widen(int most) {
    window.set(Math.min(MAX_WINDOW, most * 2));
  }

  private PublishOptions.Builder expecting(String subject, RemoteEvent event) {
    return PublishOptions.builder().expectedStream(stream).messageId(NatsEvents.id(subject, event));
  }

  private Sent publish(JetStream to, Message message, PublishOptions publish) {
    NatsLink.Sending sending = link.sending();
    CompletableFuture<PublishAck> answer =
        link.ask(what, (connection, options) -> to.publishAsync(message, publish));
    return new Sent(answer, sending, message.getData().length);
  }

  /** The sequence under which it is stored; 0 if the log was not where it was expected to be. */
  private long await(Sent sent) {
    try {
      PublishAck answer = link.await(what, sent.answer(), sent.sending());
      return answer.isDuplicate() ? 0 : answer.getSeqno();
    } catch (TransportException e) {
      if (NatsErrors.is(NatsErrors.WRONG_LAST_SEQUENCE, e)
          || NatsErrors.is(NatsErrors.WRONG_LAST_ID, e)) {
        return 0;
      }
      throw e;
    }
  }
}
