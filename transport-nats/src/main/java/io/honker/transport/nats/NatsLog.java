package io.honker.transport.nats;

import io.honker.spi.PlainName;
import io.honker.transport.RemoteEvent;
import io.honker.transport.RemoteLog;
import io.honker.transport.RemoteReader;
import io.honker.transport.Source;
import io.honker.transport.TransportException;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.Message;
import io.nats.client.api.MessageInfo;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** A log in one stream; each source has its subject, whose last message tells how far it is. */
final class NatsLog implements RemoteLog {

  /** Appending that gets nowhere so often in a row is given up. */
  private static final int MAX_STALLS = 20;

  private final String name;
  private final NatsLink link;
  private final NatsSettings settings;
  private final long maxBytes;
  private final Consumer<NatsReader> opened;
  private final NatsSetup setup;
  private final NatsEvents events;
  private final NatsAppends appends;

  NatsLog(
      String name,
      NatsLink link,
      NatsSettings settings,
      long maxBytes,
      Consumer<NatsReader> opened) {
    this.name = name;
    this.link = link;
    this.settings = settings;
    this.maxBytes = maxBytes;
    this.opened = opened;
    this.setup = new NatsSetup(settings, name);
    this.events = new NatsEvents(settings.logSubject(name));
    this.appends = new NatsAppends(link, "appending to log " + name, settings.stream(name));
  }

  void create() {
    link.ask(
        "opening log " + name,
        (connection, options) -> setup.ensureStream(connection.jetStreamManagement(options)));
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public long lastOffset(Source source) {
    return last(events.subject(source)).offset();
  }

  /** The subject's last event, as the server says now. */
  private NatsAppends.Place last(String subject) {
    Optional<MessageInfo> found =
        link.ask(
            "reading the last offset of log " + name,
            (connection, options) -> findLast(connection.jetStreamManagement(options), subject));
    return found.map(message -> place(subject, message)).orElse(NatsAppends.Place.NONE);
  }

  /** A server that came back without its data gets the stream anew, so that what is lost shows. */
  private Optional<MessageInfo> findLast(JetStreamManagement server, String subject)
      throws IOException, JetStreamApiException {
    try {
      return Optional.of(server.getLastMessage(settings.stream(name), subject));
    } catch (JetStreamApiException e) {
      if (e.getApiErrorCode() == NatsErrors.NO_MESSAGE) {
        return Optional.empty();
      }
      if (e.getApiErrorCode() == NatsErrors.NO_STREAM) {
        setup.ensureStream(server);
        return Optional.empty();
      }
      throw e;
    }
  }

  private static NatsAppends.Place place(String subject, MessageInfo found) {
    try {
      String offset = NatsEvents.header(found.getHeaders(), NatsEvents.OFFSET);
      return new NatsAppends.Place(Long.parseLong(offset), found.getSeq());
    } catch (IllegalArgumentException e) {
      throw new TransportException(
          "the last message of " + subject + " is no event; somebody else writes to this subject",
          false,
          e);
    }
  }

  @Override
  public long append(Source source, List<RemoteEvent> batch) {
    RemoteEvent.requireChain(batch);
    String subject = events.subject(source);
    List<Message> messages = batch.stream().map(event -> write(subject, event)).toList();
    int stalls = 0;
    long before = -1;
    while (true) {
      NatsAppends.Place last = last(subject);
      int next = behind(batch, last.offset());
      if (next < 0 || next == batch.size()) {
        return last.offset();
      }
      int sent =
          appends.send(
              subject,
              batch.subList(next, batch.size()),
              messages.subList(next, batch.size()),
              last.sequence());
      if (next + sent == batch.size()) {
        return batch.get(batch.size() - 1).offset();
      }
      stalls = sent == 0 && last.offset() == before ? stalls + 1 : 0;
      before = last.offset();
      if (stalls > MAX_STALLS) {
        throw new TransportException(
            "appending to log "
                + name
                + " at "
                + settings.where()
                + " gets nowhere: others append to the same source, or the stream lost events that"
                + " it still takes for duplicates, for its duplicate window at most",
            true,
            null);
      }
    }
  }

  private Message write(String subject, RemoteEvent event) {
    Message message = NatsEvents.write(subject, event);
    long bytes = message.getData().length + NatsAppends.headerBytes(message, subject, event);
    if (bytes > maxBytes) {
      throw new TransportException(
          "event "
              + event.offset()
              + " has "
              + bytes
              + " bytes, the server takes "
              + maxBytes
              + "; raise its max_payload",
          false,
          null);
    }
    return message;
  }

  /** The first of the batch that is not in the log yet; below zero if it does not fit on. */
  private static int behind(List<RemoteEvent> batch, long last) {
    if (batch.get(0).previousOffset() == last) {
      return 0;
    }
    for (int i = 0; i < batch.size(); i++) {
      if (batch.get(i).offset() == last) {
        return i + 1;
      }
    }
    return -1;
  }

  @Override
  public RemoteReader reader(String group, String member) {
    PlainName.require("group", group);
    PlainName.require("member", member); // the server does not tell members apart
    link.ask(
        "creating group " + group + " of log " + name,
        (connection, options) -> ensureConsumer(connection.jetStreamManagement(options), group));
    NatsReader reader = new NatsReader(name, group, link, settings, events);
    opened.accept(reader);
    return reader;
  }

  private boolean ensureConsumer(JetStreamManagement server, String group)
      throws IOException, JetStreamApiException {
    try {
      return setup.ensureConsumer(server, group);
    } catch (JetStreamApiException e) {
      if (e.getApiErrorCode() != NatsErrors.NO_STREAM) {
        throw e;
      }
      setup.ensureStream(server);
      return setup.ensureConsumer(server, group);
    }
  }
}
