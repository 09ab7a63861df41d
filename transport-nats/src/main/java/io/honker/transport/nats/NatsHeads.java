package io.honker.transport.nats;

import io.honker.transport.TransportException;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.PublishOptions;
import io.nats.client.api.MessageInfo;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The sources' last offsets, kept apart from a log that forgets: one message per source, its offset
 * as text. Written after the event is stored, so never ahead of the log; not written if the sender
 * dies in between, and then the log itself tells, for as long as the event stays.
 */
final class NatsHeads {

  /** Writing that gets nowhere so often in a row is given up. */
  private static final int MAX_ATTEMPTS = 20;

  private final NatsLink link;
  private final String what;
  private final String stream;
  private final String subjects;
  private final int logLength;

  /** What we wrote or read last, by subject. */
  private final Map<String, NatsAppends.Place> known = new ConcurrentHashMap<>();

  NatsHeads(NatsLink link, NatsSettings settings, String log) {
    this.link = link;
    this.what = "keeping the last offset of log " + log;
    this.stream = settings.headsStream(log);
    this.subjects = settings.headSubject(log);
    this.logLength = settings.logSubject(log).length();
  }

  private String head(String subject) {
    return subjects + subject.substring(logLength);
  }

  /** The last offset that is kept for the source of a subject of the log, as the server says. */
  NatsAppends.Place read(JetStreamManagement server, String subject)
      throws IOException, JetStreamApiException {
    String head = head(subject);
    @Nullable MessageInfo found = NatsEvents.findLast(server, stream, head);
    NatsAppends.Place place =
        found == null
            ? NatsAppends.Place.NONE
            : new NatsAppends.Place(offset(head, found), found.getSeq());
    known.put(head, place);
    return place;
  }

  private static long offset(String head, MessageInfo found) {
    try {
      return Long.parseLong(new String(found.getData(), StandardCharsets.US_ASCII));
    } catch (NumberFormatException e) {
      throw new TransportException(
          "the message of " + head + " is no offset; somebody else writes to this subject",
          false,
          e);
    }
  }

  /** Keeps an offset unless a later one is kept; others may write at the same time. */
  void write(String subject, long offset) {
    String head = head(subject);
    NatsAppends.Place place = known.get(head);
    for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      if (place == null) {
        place =
            link.ask(
                what,
                (connection, options) -> read(connection.jetStreamManagement(options), subject));
      }
      if (place.offset() >= offset) {
        return;
      }
      if (replace(head, place.sequence(), offset)) {
        return;
      }
      place = null;
    }
    throw new TransportException(what + " gets nowhere: others write it too", true, null);
  }

  /** Writes an offset if nobody else wrote meanwhile. */
  private boolean replace(String head, long sequence, long offset) {
    byte[] text = Long.toString(offset).getBytes(StandardCharsets.US_ASCII);
    PublishOptions expected =
        PublishOptions.builder()
            .expectedStream(stream)
            .expectedLastSubjectSequence(sequence)
            .build();
    try {
      long stored =
          link.ask(
              what,
              (connection, options) ->
                  connection.jetStream(options).publish(head, text, expected).getSeqno());
      known.put(head, new NatsAppends.Place(offset, stored));
      return true;
    } catch (TransportException e) {
      known.remove(head);
      if (NatsErrors.is(NatsErrors.WRONG_LAST_SEQUENCE, e)) {
        return false;
      }
      throw e;
    }
  }
}
