package io.honker.runtime.bridge;

import io.honker.observe.HonkerEvent;
import io.honker.runtime.engine.Engine;
import io.honker.runtime.engine.Leadership;
import io.honker.runtime.store.BridgeRow;
import io.honker.runtime.store.BridgeStore;
import io.honker.runtime.store.SentRow;
import io.honker.runtime.store.StoreConnection;
import io.honker.transport.ReceivedEvent;
import io.honker.transport.RemoteReader;
import io.honker.transport.Source;
import io.honker.transport.TransportException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * Receives a log's events (rule B-3). Events and the record that they were received are one
 * transaction; the broker hears of it afterwards.
 *
 * <p>The only member of its group: the log's order is the order in which events come. Where one is
 * missing all the same it may be on its way to a process that had the lease before, so it is waited
 * for, with a new reader, before the bridge is called broken.
 */
final class InboundWork implements BridgeWork {

  private static final Duration CHECK = Duration.ofSeconds(10);

  /** Longer than brokers leave events to a member that is gone. */
  private static final Duration WAIT_FOR_MISSING = Duration.ofSeconds(60);

  /** How long a poll lasts at most: so late the bridge notices that it shall pause. */
  private static final Duration POLL = Duration.ofSeconds(3);

  /** A member keeps its name, so that what was left to it comes back to it. */
  private static final String MEMBER = "bridge";

  /** What is being waited for: a source's events up to an offset. */
  private record Missing(Source source, long upTo, Instant since, String what) {}

  private final Engine engine;
  private final BridgeStore bridges;
  private final Leadership leadership;
  private final BridgeLedger ledger;
  private final InboundSettings settings;
  private volatile @Nullable RemoteReader reader;
  private volatile boolean interrupted;
  private final List<ReceivedEvent> pending = new ArrayList<>();
  private final List<ReceivedEvent> unacknowledged = new ArrayList<>();
  private @Nullable Missing missing;
  private Instant checkAt = Instant.MIN;

  InboundWork(Engine engine, Leadership leadership, InboundSettings settings) {
    this.engine = engine;
    this.bridges = engine.store().bridges();
    this.leadership = leadership;
    this.ledger = new BridgeLedger(engine);
    this.settings = settings;
  }

  // ---- the reader

  @Override
  public void begin(BridgeRow row) {
    checkAt = Instant.MIN;
    RemoteReader unused = open(row.generation());
  }

  private RemoteReader open(int generation) {
    close();
    RemoteReader opened = settings.log().reader(group(generation), MEMBER);
    reader = opened;
    if (interrupted) {
      opened.close(); // close() came in between
    }
    return opened;
  }

  private void close() {
    pending.clear();
    unacknowledged.clear();
    RemoteReader open = reader;
    if (open != null) {
      reader = null;
      open.close();
    }
  }

  /** A group for this bridge of this incarnation of this database. */
  private String group(int generation) {
    CRC32 crc = new CRC32();
    crc.update(settings.name().getBytes(StandardCharsets.UTF_8));
    String origin = engine.read(c -> new Origins(bridges.origins(c)).current());
    String name = HexFormat.of().toHexDigits((int) crc.getValue());
    return origin.replace('.', '-') + "-" + name + (generation == 0 ? "" : "-" + generation);
  }

  // ---- a step

  @Override
  public Instant turn(Instant now) {
    RemoteReader open = reader;
    if (open == null) {
      open = reopen(); // the last try failed; it is no success before it has been asked
    }
    if (pending.isEmpty()) {
      ask(open, now);
      Missing awaited = missing;
      if (pending.isEmpty() && awaited != null) {
        waitOn(now, awaited);
        missing = null;
      }
    }
    if (!pending.isEmpty()) {
      receive(now);
    }
    return now;
  }

  /** What failed may have lost the group, too: the next try opens it anew, and compares first. */
  private void ask(RemoteReader open, Instant now) {
    try {
      acknowledge(open);
      check(now);
      pending.addAll(poll(open));
    } catch (TransportException e) {
      checkAt = Instant.MIN;
      close();
      throw e;
    }
  }

  private List<ReceivedEvent> poll(RemoteReader open) {
    try {
      return open.poll(settings.batchSize(), POLL);
    } catch (InterruptedException e) {
      return List.of(); // only close() interrupts; the runner looks at its flag
    }
  }

  private void receive(Instant now) {
    int many = settings.sink().oneByOne() ? 1 : pending.size();
    List<ReceivedEvent> some = List.copyOf(pending.subList(0, many));
    Receiving.Outcome outcome = Receiving.receive(engine, settings, leadership, some);
    if (!outcome.leads()) {
      return; // the runner finds that out when it looks
    }
    List<ReceivedEvent> done = some.subList(0, outcome.done());
    pending.subList(0, done.size()).clear();
    unacknowledged.addAll(done);
    Missing awaited = missing;
    if (awaited != null && done.stream().anyMatch(e -> e.source().equals(awaited.source()))) {
      missing = null;
    }
    if (!done.isEmpty()) {
      engine.observe(
          () ->
              new HonkerEvent.BridgeReceived(
                  settings.name(), outcome.accepted(), done.size() - outcome.accepted()));
    }
    if (outcome.missingAfter() != null) {
      waitForMissing(now, some.get(done.size()), outcome.missingAfter());
    }
  }

  private void acknowledge(RemoteReader open) {
    if (!unacknowledged.isEmpty()) {
      open.ack(List.copyOf(unacknowledged));
      unacknowledged.clear();
    }
  }

  /** What was left to this member comes first to a new reader. */
  private void waitForMissing(Instant now, ReceivedEvent next, long last) {
    String what =
        "log "
            + settings.log().name()
            + " went on with event "
            + next.event().offset()
            + " of "
            + next.source().topic()
            + " (origin "
            + next.source().origin()
            + "), which follows "
            + next.event().previousOffset()
            + ", but only those up to "
            + last
            + " have come";
    Missing awaited = missing;
    Instant since =
        awaited != null && awaited.source().equals(next.source()) ? awaited.since() : now;
    missing = new Missing(next.source(), next.event().previousOffset(), since, what);
    closeAcknowledged();
    waitOn(now, missing);
  }

  /** Returns if it has come, and fails if not. */
  private void waitOn(Instant now, Missing awaited) {
    if (hasCome(awaited)) {
      return;
    }
    if (now.isBefore(awaited.since().plus(WAIT_FOR_MISSING))) {
      throw new TransportException(awaited.what() + "; waiting for them", true, null);
    }
    throw new BrokenBridgeException(
        awaited.what()
            + "; rewind reads the log again, acceptLoss goes on without the missing ones",
        new SentRow(awaited.source(), awaited.upTo(), seenOf(awaited.source())));
  }

  /** By another bridge, or to another process while that had the lease. */
  private boolean hasCome(Missing awaited) {
    return engine.read(c -> come(c, awaited.source())) >= awaited.upTo();
  }

  private long come(StoreConnection c, Source source) throws SQLException {
    return bridges.received(c, settings.sink().targetOf(source), source).orElse(0);
  }

  private long seenOf(Source source) {
    return seen().stream()
        .filter(row -> row.source().equals(source))
        .mapToLong(SentRow::acknowledged)
        .findFirst()
        .orElse(0);
  }

  /** What has come by this bridge, per source. */
  private List<SentRow> seen() {
    return engine.read(c -> bridges.sent(c, settings.name()));
  }

  private void closeAcknowledged() {
    RemoteReader open = reader;
    try {
      if (open != null) {
        acknowledge(open);
      }
    } finally {
      close();
    }
  }

  private RemoteReader reopen() {
    BridgeRow row = engine.read(c -> bridges.find(c, settings.name()).orElseThrow());
    return open(row.generation());
  }

  // ---- a broker that lost data

  /** Compares how far the log has what was received from it. */
  private void check(Instant now) {
    if (now.isBefore(checkAt)) {
      return;
    }
    for (SentRow seen : seen()) {
      long stands = settings.log().lastOffset(seen.source());
      if (stands < seen.acknowledged()) {
        throw new BrokenBridgeException(
            "the broker has lost events of "
                + seen.source().topic()
                + " (origin "
                + seen.source().origin()
                + "): log "
                + settings.log().name()
                + " ends at offset "
                + stands
                + ", but events up to "
                + seen.acknowledged()
                + " have come from it; rewind reads it again from its beginning");
      }
    }
    checkAt = now.plus(CHECK);
  }

  @Override
  public void rewind(boolean acceptLoss) {
    List<SentRow> before = seen();
    List<SentRow> after =
        before.stream()
            .map(row -> new SentRow(row.source(), 0, settings.log().lastOffset(row.source())))
            .toList();
    ledger.repair(
        settings.name(),
        leadership,
        acceptLoss,
        c -> {
          for (SentRow row : after) {
            bridges.putSent(c, settings.name(), row);
          }
          if (acceptLoss) {
            passOverGaps(c, before);
          }
        },
        row -> acceptLoss ? row : row.nextGeneration());
  }

  private void passOverGaps(StoreConnection c, List<SentRow> before) throws SQLException {
    for (SentRow row : before) {
      if (row.intended() > come(c, row.source())) {
        String target = settings.sink().targetOf(row.source());
        bridges.putReceived(c, target, row.source(), row.intended());
      }
    }
  }

  // ---- the end

  /** Nobody has waited meanwhile. */
  @Override
  public void paused() {
    missing = null;
  }

  @Override
  public void end() {
    close();
  }

  @Override
  public void interrupt() {
    interrupted = true;
    RemoteReader open = reader;
    if (open != null) {
      open.close();
    }
  }
}
