package io.honker.transport.redis;

import io.honker.time.HonkerClock;
import io.honker.time.SystemClock;
import io.honker.transport.ReceivedEvent;
import io.honker.transport.RemoteReader;
import io.honker.transport.TransportException;
import io.lettuce.core.Consumer;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.XAutoClaimArgs;
import io.lettuce.core.XGroupCreateArgs;
import io.lettuce.core.XReadArgs;
import io.lettuce.core.XReadArgs.StreamOffset;
import io.lettuce.core.models.stream.ClaimedMessages;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A member of a consumer group. Reads, in this order: its own pending entries, those that others
 * left pending for too long, new ones. It has a connection of its own, because a blocking read
 * holds up whatever is sent behind it.
 */
final class RedisReader implements RemoteReader {

  private static final Logger LOG = LoggerFactory.getLogger("io.honker.transport.redis");
  private static final HonkerClock CLOCK = SystemClock.instance();

  private static final String OLDEST = "0-0";
  private static final long MAX_BLOCK_MILLIS = 3_000;
  private static final int MIN_COUNT = 100;
  private static final Duration LONGEST = Duration.ofDays(10_000);

  private final String log;
  private final String stream;
  private final String group;
  private final Consumer<String> consumer;
  private final RedisLink shared;
  private final RedisLink own;
  private final RedisSettings settings;
  private final @Nullable TrimScript trim;
  private final String what;

  /** Entries that were read and not acknowledged, handed out or not; they are not read again. */
  private final Set<String> outstanding = new HashSet<>();

  private final Deque<ReceivedEvent> ready = new ArrayDeque<>();
  private final Portion portion = new Portion();

  /** Where in its own pending entries it is, null when it has read them all. */
  private @Nullable String pendingAfter = OLDEST;

  private String claimAfter = OLDEST;
  private long nextClaim = CLOCK.nanoTime();

  /** A read whose answer the next poll takes: one ahead, or one that an interrupted poll left. */
  private RedisLink.@Nullable Sent<List<StreamMessage<String, String>>> openRead;

  private int asked;

  /** Whether the last answer brought as many as were asked for, so that there are probably more. */
  private boolean more;

  RedisReader(
      String log,
      String stream,
      String group,
      String member,
      RedisLink shared,
      RedisLink own,
      RedisSettings settings,
      @Nullable TrimScript trim) {
    this.log = log;
    this.stream = stream;
    this.group = group;
    this.consumer = Consumer.from(group, member);
    this.shared = shared;
    this.own = own;
    this.settings = settings;
    this.trim = trim;
    this.what = "reading log " + log + " as group " + group;
  }

  /** Creates the group, at the oldest entry, and the stream if they are missing. */
  void createGroup() {
    try {
      shared.call(
          "creating group " + group + " of log " + log,
          redis ->
              redis.xgroupCreate(
                  StreamOffset.from(stream, OLDEST),
                  group,
                  XGroupCreateArgs.Builder.mkstream(true)));
    } catch (TransportException e) {
      if (!isAnswer(e, "BUSYGROUP")) {
        throw e;
      }
    }
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
      while (ready.isEmpty() && fill(max, end - CLOCK.nanoTime())) {
        requireOpen();
      }
    } catch (TransportException e) {
      requireOpen();
      startOver();
      if (isAnswer(e, "NOGROUP")) {
        createGroup();
      }
      throw e;
    }
    List<ReceivedEvent> events = new ArrayList<>();
    while (events.size() < max && !ready.isEmpty()) {
      events.add(ready.remove());
    }
    if (more && ready.isEmpty() && max >= MIN_COUNT) {
      readAhead(max);
    }
    return events;
  }

  /**
   * Asks for what comes while these are used. Not for who wants few at a time, and may leave the
   * rest to others; nor when it is time to claim, which an open read would put off.
   */
  private void readAhead(int max) {
    if (openRead == null && pendingAfter == null && CLOCK.nanoTime() - nextClaim < 0) {
      try {
        openRead = sendRead(new XReadArgs(), max, StreamOffset.lastConsumed(stream));
      } catch (TransportException e) {
        startOver(); // the next poll meets the same, and tells it
      }
    }
  }

  /** What was delivered to a lost connection is pending; it is read again before anything new. */
  private void startOver() {
    pendingAfter = OLDEST;
    openRead = null;
  }

  /** Takes one step towards an event; false if the time is up. */
  private boolean fill(int max, long nanos) throws InterruptedException {
    if (openRead != null) {
      take(awaitOpenRead(openRead));
    } else if (pendingAfter != null) {
      readPending(pendingAfter, Math.max(max, MIN_COUNT));
    } else if (CLOCK.nanoTime() - nextClaim >= 0) {
      claim(portion.of(Math.max(max, MIN_COUNT)));
    } else if (nanos <= 0) {
      take(read(max, StreamOffset.lastConsumed(stream)));
      return false;
    } else {
      block(max, nanos);
    }
    return true;
  }

  private void readPending(String after, int max) throws InterruptedException {
    List<StreamMessage<String, String>> pending = read(max, StreamOffset.from(stream, after));
    take(pending);
    pendingAfter = pending.isEmpty() ? null : pending.get(pending.size() - 1).getId();
  }

  /** Takes over what its members, this one included, have left alone for too long. */
  private void claim(int count) {
    ClaimedMessages<String, String> claimed =
        shared.call(
            what,
            redis ->
                redis.xautoclaim(
                    stream,
                    new XAutoClaimArgs<String>()
                        .consumer(consumer)
                        .minIdleTime(settings.claimIdle())
                        .startId(claimAfter)
                        .count(count)));
    take(claimed.getMessages());
    claimAfter = claimed.getId();
    if (claimAfter.equals(OLDEST)) {
      if (trim != null) {
        trim.run(); // perhaps nobody appends any more
      }
      nextClaim = CLOCK.nanoTime() + settings.claimIdle().toNanos() / 2;
    }
  }

  private List<StreamMessage<String, String>> read(int max, StreamOffset<String> from)
      throws InterruptedException {
    RedisLink.Sent<List<StreamMessage<String, String>>> sent = sendRead(new XReadArgs(), max, from);
    try {
      return answer(sent, settings.timeout().toNanos());
    } catch (InterruptedException e) {
      startOver(); // it may have been delivered
      throw e;
    }
  }

  private void block(int max, long nanos) throws InterruptedException {
    long untilClaim = nextClaim - CLOCK.nanoTime();
    long millis = Math.min(nanos, untilClaim) / 1_000_000;
    XReadArgs blocking = XReadArgs.Builder.block(Math.max(1, Math.min(MAX_BLOCK_MILLIS, millis)));
    openRead = sendRead(blocking, max, StreamOffset.lastConsumed(stream));
  }

  /** Interruption leaves the command to be answered: what it delivers must not be lost sight of. */
  private List<StreamMessage<String, String>> awaitOpenRead(
      RedisLink.Sent<List<StreamMessage<String, String>>> sent) throws InterruptedException {
    long limit = settings.timeout().toNanos() + MAX_BLOCK_MILLIS * 1_000_000;
    List<StreamMessage<String, String>> entries = answer(sent, limit);
    openRead = null;
    more = entries.size() == asked;
    return entries;
  }

  @SuppressWarnings("unchecked") // an array of one offset
  private RedisLink.Sent<List<StreamMessage<String, String>>> sendRead(
      XReadArgs arguments, int max, StreamOffset<String> from) {
    asked = portion.of(max);
    arguments.count(asked);
    return own.send(what, redis -> redis.xreadgroup(consumer, arguments, from));
  }

  private List<StreamMessage<String, String>> answer(
      RedisLink.Sent<List<StreamMessage<String, String>>> sent, long nanos)
      throws InterruptedException {
    List<StreamMessage<String, String>> entries = own.answer(sent, nanos);
    return entries == null ? List.of() : entries;
  }

  private void take(List<StreamMessage<String, String>> entries) {
    portion.learn(entries);
    List<String> gone = new ArrayList<>();
    List<String> odd = new ArrayList<>();
    for (StreamMessage<String, String> entry : entries) {
      if (RedisEntry.isGone(entry)) {
        gone.add(entry.getId());
      } else if (!outstanding.contains(entry.getId())) {
        Optional<ReceivedEvent> event = RedisEntry.read(entry);
        event.ifPresent(ready::add);
        (event.isPresent() ? outstanding : odd).add(entry.getId());
      }
    }
    leaveOut("were removed before they were acknowledged", gone);
    leaveOut("are no events", odd);
  }

  private void leaveOut(String why, List<String> ids) {
    if (!ids.isEmpty()) {
      LOG.warn("{} entries of log {} {}, from {} on", ids.size(), log, why, ids.get(0));
      acknowledge(ids);
      ids.forEach(outstanding::remove);
    }
  }

  // ---- ack

  @Override
  public void ack(List<ReceivedEvent> events) {
    requireOpen();
    List<String> ids =
        events.stream().map(ReceivedEvent::position).filter(outstanding::contains).toList();
    acknowledge(ids);
    ids.forEach(outstanding::remove);
  }

  private void acknowledge(List<String> ids) {
    if (!ids.isEmpty()) {
      shared.call(
          "acknowledging in log " + log,
          redis -> redis.xack(stream, group, ids.toArray(String[]::new)));
    }
  }

  private static boolean isAnswer(TransportException failure, String code) {
    return failure.getCause() instanceof RedisCommandExecutionException refusal
        && String.valueOf(refusal.getMessage()).startsWith(code + " ");
  }

  private void requireOpen() {
    if (isClosed()) {
      throw new IllegalStateException(
          "the reader of log " + log + " or its transport is closed; close bridges first");
    }
  }

  boolean isClosed() {
    return own.isClosed();
  }

  /** Closes it; ends when the connection is closed too. */
  CompletableFuture<Void> closeAsync() {
    return own.closeAsync();
  }

  @Override
  public void close() {
    own.close();
  }
}
