package io.honker.runtime.bridge;

import io.honker.runtime.loop.Seconds;
import io.honker.runtime.store.EventRow;
import io.honker.runtime.store.OutgoingRow;
import io.honker.runtime.store.ReceivedMark;
import io.honker.transport.RemoteEvent;
import io.honker.transport.Source;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** A page of stored events, put together per source as they leave. */
final class OutgoingBatch {

  private final Map<SentChain, List<RemoteEvent>> events = new LinkedHashMap<>();
  private final long end;

  private OutgoingBatch(long end) {
    this.end = end;
  }

  /**
   * Puts a page together; what the broker has already and what is not to be forwarded is left out.
   *
   * @param chain finds how far a source's events were sent
   */
  static OutgoingBatch of(
      List<OutgoingRow> page,
      String topic,
      Origins origins,
      boolean forwarding,
      Function<Source, SentChain> chain) {
    long end = page.get(page.size() - 1).event().offset();
    OutgoingBatch batch = new OutgoingBatch(end);
    for (OutgoingRow row : page) {
      ReceivedMark mark = row.mark();
      EventRow event = row.event();
      if (mark == null) {
        SentChain own = chain.apply(new Source(origins.of(event.offset()), topic));
        batch.add(own, event.offset(), event, Seconds.instant(event.createdAt()));
      } else if (forwarding) {
        batch.add(chain.apply(mark.source()), mark.offset(), event, mark.publishedAt());
      }
    }
    return batch;
  }

  private void add(SentChain chain, long offset, EventRow event, Instant publishedAt) {
    List<RemoteEvent> before = events.getOrDefault(chain, List.of());
    long previous =
        before.isEmpty() ? chain.acknowledged() : before.get(before.size() - 1).offset();
    if (offset > previous) {
      events
          .computeIfAbsent(chain, c -> new ArrayList<>())
          .add(new RemoteEvent(offset, previous, event.key(), event.payload(), publishedAt));
    }
  }

  boolean isEmpty() {
    return events.isEmpty();
  }

  /** The events per source, in order. */
  Map<SentChain, List<RemoteEvent>> events() {
    return events;
  }

  /** The local offset of the page's last event. */
  long end() {
    return end;
  }

  /** How many events are to leave. */
  int size() {
    return events.values().stream().mapToInt(List::size).sum();
  }
}
