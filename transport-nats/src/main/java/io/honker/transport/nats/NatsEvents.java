package io.honker.transport.nats;

import io.honker.transport.ReceivedEvent;
import io.honker.transport.RemoteEvent;
import io.honker.transport.Source;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.Message;
import io.nats.client.api.MessageInfo;
import io.nats.client.impl.Headers;
import io.nats.client.impl.NatsMessage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Events as messages: the payload is the body, the source stands in the subject, the rest in
 * headers. Keys are written as tokens, because headers hold printable characters only.
 */
final class NatsEvents {

  static final String OFFSET = "Honker-Offset";
  private static final String PREVIOUS = "Honker-Previous";
  private static final String AT = "Honker-At";
  private static final String KEY = "Honker-Key";

  private final String log;

  private record Seen(String subject, Source source) {}

  private volatile Seen last = new Seen("", new Source("none", ""));

  /** Begins the subjects of a log. */
  NatsEvents(String logSubject) {
    this.log = logSubject;
  }

  String subject(Source source) {
    return log + "." + Tokens.encode(source.origin()) + "." + Tokens.encode(source.topic());
  }

  /** Under which the server recognises the event for a while. */
  static String id(String subject, RemoteEvent event) {
    return subject + "." + event.offset();
  }

  static Message write(String subject, RemoteEvent event) {
    Headers headers = new Headers();
    headers.put(OFFSET, Long.toString(event.offset()));
    headers.put(PREVIOUS, Long.toString(event.previousOffset()));
    headers.put(AT, event.publishedAt().toString());
    String key = event.key();
    if (key != null) {
      headers.put(KEY, Tokens.encode(key));
    }
    return NatsMessage.builder()
        .subject(subject)
        .headers(headers)
        .data(event.payload().getBytes(StandardCharsets.UTF_8))
        .build();
  }

  /** The event, empty if the message is none. */
  Optional<ReceivedEvent> read(Message message, long sequence) {
    try {
      Headers headers = message.getHeaders();
      @Nullable String key = headers == null ? null : headers.getFirst(KEY);
      RemoteEvent event =
          new RemoteEvent(
              Long.parseLong(header(headers, OFFSET)),
              Long.parseLong(header(headers, PREVIOUS)),
              key == null ? null : Tokens.decode(key),
              new String(message.getData(), StandardCharsets.UTF_8),
              Instant.parse(header(headers, AT)));
      return Optional.of(
          new ReceivedEvent(source(message.getSubject()), event, Long.toString(sequence)));
    } catch (IllegalArgumentException | DateTimeException e) {
      return Optional.empty();
    }
  }

  private Source source(String subject) {
    Seen seen = last; // messages of one source come in rows
    if (!seen.subject().equals(subject)) {
      seen = new Seen(subject, parse(subject));
      last = seen;
    }
    return seen.source();
  }

  private Source parse(String subject) {
    if (!subject.startsWith(log + ".")) {
      throw new IllegalArgumentException("another log's subject");
    }
    String[] tokens = subject.substring(log.length() + 1).split("\\.", -1);
    if (tokens.length != 2) {
      throw new IllegalArgumentException("not the subject of a source");
    }
    return new Source(Tokens.decode(tokens[0]), Tokens.decode(tokens[1]));
  }

  /** The last message of a subject, null if it has none. */
  static @Nullable MessageInfo findLast(JetStreamManagement server, String stream, String subject)
      throws IOException, JetStreamApiException {
    try {
      return server.getLastMessage(stream, subject);
    } catch (JetStreamApiException e) {
      if (e.getApiErrorCode() == NatsErrors.NO_MESSAGE) {
        return null;
      }
      throw e;
    }
  }

  static String header(@Nullable Headers headers, String name) {
    @Nullable String value = headers == null ? null : headers.getFirst(name);
    if (value == null) {
      throw new IllegalArgumentException("no header " + name);
    }
    return value;
  }
}
