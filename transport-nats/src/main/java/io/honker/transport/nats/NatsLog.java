package io.honker.transport.nats;

import io.honker.spi.PlainName;
import io.honker.time.HonkerClock;
import io.honker.time.SystemClock;
import io.honker.transport.RemoteEvent;
import io.honker.transport.RemoteLog;
import io.honker.transport.RemoteReader;
import io.honker.transport.Source;
import io.honker.transport.TransportException;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.Message;
import io.nats.client.api.MessageInfo;
import io.nats.client.api.StreamInfoOptions;
import io.nats.client.api.Subject;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A log in one stream; each source has its subject, whose last message tells how far it is. */
final class NatsLog implements RemoteLog {

  /** Appending that gets nowhere so often in a row is given up. */
  private static final int MAX_STALLS = 20;

  /** The server is asked now and then all the same: perhaps the log forgets by now. */
  private static final long REMEMBERED_NANOS = 10_000_000_000L;

  private static final HonkerClock CLOCK = SystemClock.instance();

  private final String name;
  private final NatsLink link;
  private final NatsSettings settings;
  private final long maxBytes;
  private final Consumer<NatsReader> opened;
  private final NatsSetup setup;
  private final NatsEvents events;
  private final NatsAppends appends;
  private final NatsHeads heads;

  private final Map<String, Known> known = new ConcurrentHashMap<>();

  /**
   * Where a source was left.
   *
   * @param place its last event
   * @param reconnections of the connection that said so
   * @param since when, in nanoseconds of the clock
   */
  private record Known(NatsAppends.Place place, long reconnections, long since) {}

  /** Whether events are removed after a while, as far as we know; others may change that. */
  private volatile boolean forgets;

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
    this.heads = new NatsHeads(link, settings, name);
    this.appends = new NatsAppends(link, "appending to log " + name, settings.stream(name));
  }

  void create() {
    forgets =
        link.ask(
            "opening log " + name,
            (connection, options) -> {
              JetStreamManagement server = connection.jetStreamManagement(options);
              return setup.ensureStream(server, () -> keepAllHeads(server));
            });
  }

  /** Before the log begins to forget: what its subjects have last, perhaps goes at once. */
  private void keepAllHeads(JetStreamManagement server) throws IOException, JetStreamApiException {
    StreamInfoOptions all = StreamInfoOptions.allSubjects();
    for (Subject subject :
        server.getStreamInfo(settings.stream(name), all).getStreamState().getSubjects()) {
      NatsAppends.Place last = stored(server, subject.getName());
      if (last.offset() > 0) {
        heads.write(subject.getName(), last.offset());
      }
    }
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public long lastOffset(Source source) {
    String subject = events.subject(source);
    return keep(subject, last(subject).offset()); // who appended it may not have known that he must
  }

  /** How far the source of a subject is, as the server says now. */
  private NatsAppends.Place last(String subject) {
    return link.ask(
        "reading the last offset of log " + name,
        (connection, options) -> {
          JetStreamManagement server = connection.jetStreamManagement(options);
          forgets = setup.forgets(server, () -> keepAllHeads(server));
          NatsAppends.Place stored = stored(server, subject);
          if (!forgets) {
            return stored;
          }
          long kept = heads.read(server, subject).offset();
          return new NatsAppends.Place(Math.max(kept, stored.offset()), stored.sequence());
        });
  }

  /** The subject's last event that is still there. */
  private NatsAppends.Place stored(JetStreamManagement server, String subject)
      throws IOException, JetStreamApiException {
    @Nullable MessageInfo found = NatsEvents.findLast(server, settings.stream(name), subject);
    if (found == null) {
      return NatsAppends.Place.NONE;
    }
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
    long reconnections = link.reconnections();
    NatsAppends.Place last = remembered(subject, batch.get(0).previousOffset(), reconnections);
    while (stalls <= MAX_STALLS) {
      if (last == null) {
        last = last(subject);
      }
      int next = behind(batch, last.offset());
      if (next < 0 || next == batch.size()) {
        return keep(subject, last.offset());
      }
      NatsAppends.Place reached =
          appends.send(
              subject,
              batch.subList(next, batch.size()),
              messages.subList(next, batch.size()),
              last);
      if (reached.offset() == batch.get(batch.size() - 1).offset()) {
        remember(subject, reached, reconnections);
        return keep(subject, reached.offset());
      }
      stalls = reached.equals(last) ? stalls + 1 : 0;
      last = null;
    }
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

  /** Where we left a source. If it is elsewhere by now, the server refuses and is asked. */
  private NatsAppends.@Nullable Place remembered(
      String subject, long previousOffset, long reconnections) {
    Known there = known.remove(subject); // remembered again if all goes well
    if (there == null) {
      return null;
    }
    boolean good =
        there.place().offset() == previousOffset
            && there.reconnections() == reconnections
            && CLOCK.nanoTime() - there.since() < REMEMBERED_NANOS;
    return good ? there.place() : null;
  }

  private void remember(String subject, NatsAppends.Place place, long reconnections) {
    known.put(subject, new Known(place, reconnections, CLOCK.nanoTime()));
  }

  private long keep(String subject, long offset) {
    if (forgets) {
      heads.write(subject, offset);
    }
    return offset;
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
              + " bytes with its headers, the server at "
              + settings.where()
              + " takes "
              + maxBytes
              + "; raise its max_payload, or lower Honker's maxPayloadBytes",
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
    boolean unused = ensure(group);
    NatsReader reader =
        new NatsReader(
            name, new NatsReader.Group(group, () -> ensure(group)), link, settings, events);
    opened.accept(reader);
    return reader;
  }

  private boolean ensure(String group) {
    return link.ask(
        "creating group " + group + " of log " + name,
        (connection, options) -> {
          JetStreamManagement server = connection.jetStreamManagement(options);
          return setup.ensureConsumer(
              server, group, () -> setup.forgets(server, () -> keepAllHeads(server)));
        });
  }
}
