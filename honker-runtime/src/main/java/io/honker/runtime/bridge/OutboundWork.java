package io.honker.runtime.bridge;

import io.honker.observe.HonkerEvent;
import io.honker.runtime.engine.Engine;
import io.honker.runtime.engine.Leadership;
import io.honker.runtime.store.BridgeRow;
import io.honker.runtime.store.BridgeStore;
import io.honker.runtime.store.OriginRow;
import io.honker.runtime.store.OutgoingRow;
import io.honker.runtime.store.SentRow;
import io.honker.runtime.store.StoreConnection;
import io.honker.runtime.store.StreamStore;
import io.honker.runtime.store.WriteOperation;
import io.honker.transport.RemoteEvent;
import io.honker.transport.RemoteLog;
import io.honker.transport.Source;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Sends a topic's events to a log (rule B-2).
 *
 * <p>Before a batch leaves, one durable commit says how far events may have left this machine, and
 * how far the broker had acknowledged. So after any crash the broker is between the two, and a
 * broker outside of them has lost data, or this database has.
 */
final class OutboundWork implements BridgeWork {

  private static final Duration CHECK = Duration.ofSeconds(10);
  private static final long PAGE_CHARS = 4_000_000;

  private final Engine engine;
  private final BridgeStore bridges;
  private final StreamStore streams;
  private final Leadership leadership;
  private final BridgeLedger ledger;
  private final OutboundSettings settings;
  private final String topic;
  private final RemoteLog log;
  private final Map<Source, SentChain> chains = new HashMap<>();
  private Origins origins = new Origins(List.of());
  private long position;
  private long savedPosition;
  private Instant checkAt = Instant.MIN;

  OutboundWork(Engine engine, Leadership leadership, OutboundSettings settings) {
    this.engine = engine;
    this.bridges = engine.store().bridges();
    this.streams = engine.store().streams();
    this.leadership = leadership;
    this.ledger = new BridgeLedger(engine);
    this.settings = settings;
    this.topic = settings.topic();
    this.log = settings.log();
  }

  // ---- what is on record

  @Override
  public void begin(BridgeRow row) {
    load();
    checkAt = Instant.MIN;
  }

  private void load() {
    engine.<@Nullable Void>read(
        c -> {
          loadIn(c);
          return null;
        });
  }

  private void loadIn(StoreConnection c) throws SQLException {
    chains.clear();
    origins = new Origins(bridges.origins(c));
    position = streams.savedOffset(c, topic, settings.consumer()).orElse(0);
    savedPosition = position;
    for (SentRow row : bridges.sent(c, settings.name())) {
      chains.put(row.source(), chain(row));
    }
  }

  private SentChain chain(SentRow row) {
    String origin = row.source().origin();
    return new SentChain(row, origin.equals(origins.current()), origins.ownUpTo(origin) >= 0);
  }

  /** A source's chain; one that is not on record goes on where the log has it. */
  private SentChain chainOf(Source source) {
    return chains.computeIfAbsent(source, this::unknownChain);
  }

  private SentChain unknownChain(Source source) {
    long stands = log.lastOffset(source);
    SentChain chain = chain(new SentRow(source, stands, stands));
    long last = engine.read(this::lastOffset);
    if (chain.exclusive() && stands > last) {
      throw ahead(chain, stands, last);
    }
    chain.acknowledge(stands);
    return chain;
  }

  /** The offset of the last event that the topic has or had. */
  private long lastOffset(StoreConnection c) throws SQLException {
    return Math.max(streams.lastOffset(c, topic), bridges.trimmedUpTo(c, topic));
  }

  // ---- a step

  @Override
  public Instant turn(Instant now) {
    if (!now.isBefore(checkAt)) {
      chains.values().forEach(chain -> compare(chain, log.lastOffset(chain.source())));
      checkAt = now.plus(CHECK);
    }
    List<OutgoingRow> page = read();
    if (page.isEmpty()) {
      save();
      return checkAt;
    }
    OutgoingBatch batch =
        OutgoingBatch.of(page, topic, origins, settings.forwarding(), this::chainOf);
    if (batch.isEmpty()) {
      position = batch.end();
    } else if (intend(batch) && appendAll(batch)) {
      position = batch.end();
      engine.observe(() -> new HonkerEvent.BridgeSent(settings.name(), batch.size(), position));
    }
    return now;
  }

  /** The next page; another bridge may have begun another origin meanwhile. */
  private List<OutgoingRow> read() {
    return engine.read(
        c -> {
          Origins now = new Origins(bridges.origins(c));
          if (!now.equals(origins)) {
            loadIn(c);
          }
          return bridges.readOutgoing(c, topic, position, settings.batchSize(), PAGE_CHARS);
        });
  }

  /** Says durably what may leave; false if another process has the lease now. */
  private boolean intend(OutgoingBatch batch) {
    batch.events().forEach((chain, events) -> chain.intend(lastOf(events)));
    return saved(engine.store().writeDurably(WriteOperation.<Boolean>statements(this::saveIn)));
  }

  private boolean appendAll(OutgoingBatch batch) {
    boolean all = true;
    for (Map.Entry<SentChain, List<RemoteEvent>> part : batch.events().entrySet()) {
      all &= append(part.getKey(), part.getValue());
    }
    return all;
  }

  /** Appends; false if the log was elsewhere, so that the page has to be put together anew. */
  private boolean append(SentChain chain, List<RemoteEvent> events) {
    long stands = log.append(chain.source(), events);
    compare(chain, stands);
    return stands >= lastOf(events);
  }

  /** Takes over how far the log has a source's events, if that is possible at all. */
  private void compare(SentChain chain, long stands) {
    if (chain.isLostAt(stands)) {
      throw lost(chain, stands);
    }
    if (chain.isAheadAt(stands)) {
      throw ahead(chain, stands, chain.intended());
    }
    if (stands != chain.acknowledged()) {
      chain.acknowledge(stands);
    }
  }

  private static long lastOf(List<RemoteEvent> events) {
    return events.get(events.size() - 1).offset();
  }

  private BrokenBridgeException lost(SentChain chain, long stands) {
    return new BrokenBridgeException(
        "the broker has lost events of "
            + chain.source().topic()
            + " (origin "
            + chain.source().origin()
            + "): log "
            + log.name()
            + " ends at offset "
            + stands
            + ", but it had acknowledged up to "
            + chain.acknowledged()
            + "; rewind sends again what is still stored here");
  }

  private BrokenBridgeException ahead(SentChain chain, long stands, long intended) {
    return new BrokenBridgeException(
        "log "
            + log.name()
            + " has events of "
            + chain.source().topic()
            + " (origin "
            + chain.source().origin()
            + ") up to offset "
            + stands
            + ", but this database has sent them up to "
            + intended
            + " only: it was put back to an older state, or something else sends under its"
            + " identity; rewind begins a new one and sends what the log has not");
  }

  // ---- saving

  private void save() {
    if (position != savedPosition || chains.values().stream().anyMatch(SentChain::isUnsaved)) {
      saved(engine.writeAlone("save", WriteOperation.<Boolean>statements(this::saveIn)));
    }
  }

  /** Saves how far it is, unless another process has the lease. May run twice. */
  private boolean saveIn(StoreConnection c) throws SQLException {
    if (!leadership.isHeldIn(c)) {
      return false;
    }
    streams.saveOffset(c, topic, settings.consumer(), position);
    for (SentChain chain : chains.values()) {
      if (chain.isUnsaved()) {
        bridges.putSent(c, settings.name(), chain.row());
      }
    }
    return true;
  }

  private boolean saved(boolean success) {
    if (success) {
      savedPosition = position;
      chains.values().forEach(SentChain::saved);
    }
    return success;
  }

  // ---- repair

  @Override
  public void rewind(boolean acceptLoss) {
    load();
    Map<SentChain, Long> stands = new HashMap<>();
    chains.values().forEach(chain -> stands.put(chain, log.lastOffset(chain.source())));
    Source current = new Source(origins.current(), topic);
    if (!chains.containsKey(current)) {
      long last = engine.read(this::lastOffset); // up to there the log may have it, see chainOf
      stands.put(chain(new SentRow(current, last, 0)), log.lastOffset(current));
    }
    boolean ahead = stands.entrySet().stream().anyMatch(e -> e.getKey().isAheadAt(e.getValue()));
    long back = backTo(stands);
    long trimmed = engine.read(c -> bridges.trimmedUpTo(c, topic));
    if (!acceptLoss && back < position && trimmed > back) {
      throw new BrokenBridgeException(
          "log "
              + log.name()
              + " has lost events of "
              + topic
              + " after offset "
              + back
              + ", and those up to "
              + trimmed
              + " were trimmed here; acceptLoss goes on with what is still stored");
    }
    ledger.repair(
        settings.name(),
        leadership,
        acceptLoss,
        c -> {
          if (ahead) {
            beginOrigin(c);
          }
          goBack(c, stands, back);
        },
        row -> row);
  }

  /** The local offset after which the log has not everything. */
  private long backTo(Map<SentChain, Long> stands) {
    long back = position;
    for (Map.Entry<SentChain, Long> each : stands.entrySet()) {
      if (each.getKey().isLostAt(each.getValue())) {
        back = Math.min(back, each.getKey().local() ? each.getValue() : 0);
      }
    }
    return back;
  }

  /**
   * Lets what was not sent yet go out under a new identity. What this database sent under the old
   * one may come back to it from elsewhere, and is known.
   */
  private void beginOrigin(StoreConnection c) throws SQLException {
    String old = origins.current();
    Map<Source, Long> left = new HashMap<>(); // by any bridge to any log
    for (BridgeRow bridge : bridges.list(c)) {
      for (SentRow sent : bridges.sent(c, bridge.name())) {
        if (sent.source().origin().equals(old)) {
          left.merge(sent.source(), sent.intended(), Math::max);
        }
      }
    }
    for (Map.Entry<Source, Long> each : left.entrySet()) {
      String target = InboundSink.topicTarget(each.getKey().topic());
      bridges.putReceived(c, target, each.getKey(), each.getValue());
    }
    long after = Math.max(position, origins.rows().get(origins.rows().size() - 1).after());
    bridges.beginOrigin(c, new OriginRow(Origins.fresh(engine.store().databaseId()), after));
  }

  private void goBack(StoreConnection c, Map<SentChain, Long> stands, long back)
      throws SQLException {
    streams.forget(c, topic, settings.consumer());
    streams.saveOffset(c, topic, settings.consumer(), back);
    for (Map.Entry<SentChain, Long> each : stands.entrySet()) {
      long offset = each.getValue();
      bridges.putSent(c, settings.name(), new SentRow(each.getKey().source(), offset, offset));
    }
  }

  // ---- the end

  @Override
  public void end() {
    save();
  }

  @Override
  public void interrupt() {
    // a call to the broker ends by its timeout, or by the thread's interrupt
  }
}
