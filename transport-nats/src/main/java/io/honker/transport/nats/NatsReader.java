package io.honker.transport.nats;

import io.honker.time.HonkerClock;
import io.honker.time.SystemClock;
import io.honker.transport.ReceivedEvent;
import io.honker.transport.RemoteReader;
import io.honker.transport.TransportException;
import io.nats.client.Connection;
import io.nats.client.Message;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Pulls from a durable consumer. What an earlier reader, or this one before a lost connection, left
 * unacknowledged comes again only after the consumer's ack wait; until then new events are not
 * asked for, so that a lone member gets the log's order.
 */
final class NatsReader implements RemoteReader {

  private static final Logger LOG = LoggerFactory.getLogger("io.honker.transport.nats");
  private static final HonkerClock CLOCK = SystemClock.instance();

  private static final long MAX_PULL_NANOS = 3_000_000_000L;
  private static final long LEAST_PULL_NANOS = 1_000_000;
  private static final long LEAST_LOOK_NANOS = 20_000_000;
  private static final Duration LONGEST = Duration.ofDays(10_000);
  private static final int ACKS_AT_A_TIME = 500;

  /** Positions are the server's sequence numbers. */
  private static final Comparator<String> BY_NUMBER =
      Comparator.comparingInt(String::length).thenComparing(Comparator.naturalOrder());

  private static final byte[] ACK = "+ACK".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] AGAIN = "-NAK".getBytes(StandardCharsets.US_ASCII);

  private final String log;
  private final String what;
  private final NatsLink link;
  private final NatsSettings settings;
  private final NatsEvents events;
  private final NatsPulls pulls;
  private final Group group;

  /** What was received and not acknowledged, by position, with where to acknowledge it. */
  private final Map<String, String> outstanding = new ConcurrentSkipListMap<>(BY_NUMBER);

  private final Deque<ReceivedEvent> ready = new ArrayDeque<>();

  /** New events that came while older ones were still missing. */
  private final Deque<ReceivedEvent> held = new ArrayDeque<>();

  /** Of the connection for which it is known that nothing older is missing; below zero for none. */
  private long sureSince = -1;

  /** The newest that may be with somebody gone; 0 if nothing is missing. */
  private long missingUpTo;

  private long nextLook;

  /**
   * The group that is read.
   *
   * @param name its name
   * @param creation creates it unless it is there, and tells whether it did
   */
  record Group(String name, BooleanSupplier creation) {
    boolean ensure() {
      return creation.getAsBoolean();
    }
  }

  NatsReader(String log, Group group, NatsLink link, NatsSettings settings, NatsEvents events) {
    this.log = log;
    this.group = group;
    this.what = "reading log " + log + " as group " + group.name();
    this.link = link;
    this.settings = settings;
    this.events = events;
    this.pulls = new NatsPulls(link, what, settings.stream(log), group.name());
  }

  // ---- poll

  @Override
  public List<ReceivedEvent> poll(int max, Duration wait) throws InterruptedException {
    if (max < 1 || wait.isNegative()) {
      throw new IllegalArgumentException("max must be at least 1 and wait not negative");
    }
    requireOpen();
    long end = CLOCK.nanoTime() + (wait.compareTo(LONGEST) < 0 ? wait : LONGEST).toNanos();
    try {
      do {
        fill(max, end - CLOCK.nanoTime());
        requireOpen();
      } while (ready.isEmpty() && end - CLOCK.nanoTime() > 0);
    } catch (TransportException | IllegalStateException e) {
      requireOpen();
      sureSince = -1;
      if (NatsErrors.find(InterruptedException.class, e) != null && Thread.interrupted()) {
        throw new InterruptedException();
      }
      throw e instanceof TransportException ? e : link.failure(what, e);
    }
    List<ReceivedEvent> some = new ArrayList<>();
    while (some.size() < max && !ready.isEmpty()) {
      some.add(ready.remove());
    }
    return some;
  }

  /** Takes one step towards an event. */
  private void fill(int max, long nanos) throws InterruptedException {
    pulls.keepSubscribed();
    pulls.takeLate().forEach(this::take);
    if (!ready.isEmpty()) {
      return;
    }
    if (link.reconnections() != sureSince) {
      look();
    }
    if (missingUpTo > 0) {
      fillWithMissing(max, nanos);
      return;
    }
    if (nanos > 0) {
      pulls
          .first(max, Math.max(LEAST_PULL_NANOS, Math.min(nanos, MAX_PULL_NANOS)))
          .forEach(this::take);
    } else {
      pulls.now(max).forEach(this::take);
    }
  }

  /** Asks whether anything is unacknowledged that did not come to this reader. */
  private void look() {
    long reconnections = link.reconnections();
    if (group.ensure()) {
      startOver();
    }
    NatsPulls.State state = pulls.state();
    boolean allHere = state.unacknowledged() <= outstanding.size();
    boolean allDone = missingUpTo > 0 && state.acknowledgedUpTo() >= missingUpTo;
    if (allHere || allDone) {
      missingUpTo = 0;
      ready.addAll(held);
      held.clear();
    } else if (missingUpTo == 0 || reconnections != sureSince) {
      missingUpTo = state.deliveredUpTo();
    }
    sureSince = reconnections;
  }

  /** The group had been deleted and begins anew, perhaps with another log in this one's place. */
  private void startOver() {
    LOG.warn("the group of a reader of log {} was deleted; it begins anew", log);
    outstanding.clear();
    ready.clear();
    held.clear();
    missingUpTo = 0;
  }

  private void fillWithMissing(int max, long nanos) throws InterruptedException {
    if (CLOCK.nanoTime() - nextLook < 0) {
      long pause = Math.min(nanos, nextLook - CLOCK.nanoTime());
      pulls.pause(Math.max(0, pause)).forEach(this::take);
      return;
    }
    takeWhatIsDue(2L * max);
    look();
    if (missingUpTo > 0 && ready.isEmpty()) {
      nextLook = CLOCK.nanoTime() + Math.max(LEAST_LOOK_NANOS, settings.ackWait().toNanos() / 10);
    }
  }

  /**
   * Asks for one at a time: what is due again comes before anything new, so a new one tells that
   * nothing is due any more. It comes in no order, above all after the server was started again.
   *
   * @param most what a lone reader left and a little more; members of a group leave the rest to
   *     others
   */
  private void takeWhatIsDue(long most) throws InterruptedException {
    try {
      int before;
      do {
        before = ready.size();
        pulls.now(1).forEach(this::take);
      } while (ready.size() > before && ready.size() < most);
    } finally {
      List<ReceivedEvent> sorted = new ArrayList<>(ready); // what came before a failure, too
      sorted.sort(Comparator.comparing(ReceivedEvent::position, BY_NUMBER));
      ready.clear();
      ready.addAll(sorted);
    }
  }

  private void take(Message message) {
    long sequence = message.metaData().streamSequence();
    String position = Long.toString(sequence);
    boolean known = outstanding.put(position, message.getReplyTo()) != null;
    if (known) {
      return; // due again before it was acknowledged: only where to acknowledge it is new
    }
    Optional<ReceivedEvent> event = events.read(message, sequence);
    if (event.isEmpty()) {
      LOG.warn("message {} of log {} is no event and is left out", position, log);
      link.connection().publish(message.getReplyTo(), ACK);
      outstanding.remove(position);
    } else if (missingUpTo > 0 && sequence > missingUpTo) {
      held.add(event.get());
    } else {
      ready.add(event.get());
    }
  }

  // ---- ack

  @Override
  public void ack(List<ReceivedEvent> done) {
    requireOpen();
    for (int from = 0; from < done.size(); from += ACKS_AT_A_TIME) {
      acknowledge(done.subList(from, Math.min(done.size(), from + ACKS_AT_A_TIME)));
    }
  }

  /**
   * Only the last one is answered: the server takes those of a connection one after another, so the
   * answer holds for all before it, unless another connection took over in between.
   */
  private void acknowledge(List<ReceivedEvent> done) {
    List<String> positions =
        done.stream().map(ReceivedEvent::position).filter(outstanding::containsKey).toList();
    if (positions.isEmpty()) {
      return;
    }
    String acknowledging = "acknowledging in log " + log;
    NatsLink.Sending sending = link.sending();
    CompletableFuture<Message> answer =
        link.ask(acknowledging, (connection, options) -> sendAcks(connection, positions));
    link.await(acknowledging, answer, sending);
    link.requireSameConnection(acknowledging, sending);
    positions.forEach(outstanding::remove);
  }

  private CompletableFuture<Message> sendAcks(Connection connection, List<String> positions) {
    int last = positions.size() - 1;
    for (String position : positions.subList(0, last)) {
      connection.publish(replyOf(position), ACK);
    }
    return connection.requestWithTimeout(replyOf(positions.get(last)), ACK, settings.timeout());
  }

  private String replyOf(String position) {
    return Objects.requireNonNull(outstanding.get(position));
  }

  // ---- close

  boolean isClosed() {
    return pulls.isClosed();
  }

  private void requireOpen() {
    if (isClosed()) {
      throw new IllegalStateException(
          "the reader of log " + log + " or its transport is closed; close bridges first");
    }
  }

  /**
   * Gives back what is not acknowledged, so that it need not wait for the ack wait. In order: the
   * server hands it out again in the order in which it came back.
   */
  @Override
  public void close() {
    if (!pulls.close()) {
      return;
    }
    try {
      outstanding.values().forEach(reply -> link.connection().publish(reply, AGAIN));
    } catch (IllegalStateException e) {
      LOG.debug("closing a reader of log {} without a connection", log, e);
    }
  }
}
