package io.honker.runtime.bridge;

import io.honker.runtime.engine.Engine;
import io.honker.runtime.engine.Leadership;
import io.honker.runtime.store.BridgeStore;
import io.honker.runtime.store.SentRow;
import io.honker.runtime.store.StoreConnection;
import io.honker.transport.ReceivedEvent;
import io.honker.transport.Source;
import io.honker.tx.Transaction;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * One transaction that writes received events and records that they were received (rule B-3). What
 * was received before, and what this database has sent itself, is passed over.
 */
final class Receiving {

  /**
   * What became of some events.
   *
   * @param done how many of the first are recorded and can be acknowledged
   * @param accepted how many of them were new
   * @param missingAfter if an event before the next one is missing, up to which offset its source's
   *     events have come; else null
   * @param leads whether this process had the lease; if not, nothing happened
   */
  record Outcome(int done, int accepted, @Nullable Long missingAfter, boolean leads) {}

  private record Place(String target, Source source) {}

  private final Engine engine;
  private final BridgeStore bridges;
  private final InboundSettings settings;
  private final Map<Place, Long> places = new HashMap<>();
  private final Map<Source, Long> seen = new HashMap<>();
  private final List<ReceivedEvent> accepted = new ArrayList<>();
  private Origins origins = new Origins(List.of());
  private int done;
  private @Nullable Long missingAfter;

  private Receiving(Engine engine, InboundSettings settings) {
    this.engine = engine;
    this.bridges = engine.store().bridges();
    this.settings = settings;
  }

  /** Writes events, up to the first whose predecessor is missing. */
  static Outcome receive(
      Engine engine, InboundSettings settings, Leadership leadership, List<ReceivedEvent> events) {
    return engine.<Outcome, RuntimeException>inTransaction(
        tx -> {
          if (!engine.<Boolean>write(tx, "looking at the lease", leadership::isHeldIn)) {
            return new Outcome(0, 0, null, false);
          }
          return new Receiving(engine, settings).run(tx, events);
        });
  }

  private Outcome run(Transaction tx, List<ReceivedEvent> events) {
    engine.<@Nullable Void>write(
        tx,
        "looking at received events",
        c -> {
          sort(c, events);
          return null;
        });
    if (!accepted.isEmpty()) {
      settings.sink().accept(engine, tx, accepted);
    }
    engine.<@Nullable Void>write(
        tx,
        "recording received events",
        c -> {
          record(c);
          return null;
        });
    return new Outcome(done, accepted.size(), missingAfter, true);
  }

  /** Tells new events from known ones, up to the first that does not follow what has come. */
  private void sort(StoreConnection c, List<ReceivedEvent> events) throws SQLException {
    origins = new Origins(bridges.origins(c));
    for (ReceivedEvent event : events) {
      if (!take(c, event)) {
        return;
      }
      seen.put(event.source(), event.event().offset());
      done++;
    }
  }

  private boolean take(StoreConnection c, ReceivedEvent event) throws SQLException {
    Source source = event.source();
    long offset = event.event().offset();
    long own = origins.ownUpTo(source.origin());
    if (!settings.wants(source.topic()) || offset <= own) {
      return true;
    }
    Place place = new Place(settings.sink().targetOf(source), source);
    long last = Math.max(own, last(c, place));
    if (offset <= last) {
      return true;
    }
    if (last >= 0 && event.event().previousOffset() > last) {
      missingAfter = last;
      return false;
    }
    places.put(place, offset);
    accepted.add(event);
    return true;
  }

  /** Up to where a source's events have come, below zero if none ever came. */
  private long last(StoreConnection c, Place place) throws SQLException {
    Long known = places.get(place);
    if (known != null) {
      return known;
    }
    OptionalLong stored = bridges.received(c, place.target(), place.source());
    return stored.orElse(-1);
  }

  private void record(StoreConnection c) throws SQLException {
    for (Map.Entry<Place, Long> place : places.entrySet()) {
      bridges.putReceived(c, place.getKey().target(), place.getKey().source(), place.getValue());
    }
    for (Map.Entry<Source, Long> each : seen.entrySet()) {
      bridges.putSent(c, settings.name(), new SentRow(each.getKey(), 0, each.getValue()));
    }
  }
}
