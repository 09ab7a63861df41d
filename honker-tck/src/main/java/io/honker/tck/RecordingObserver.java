package io.honker.tck;

import io.honker.observe.HonkerEvent;
import io.honker.observe.HonkerObserver;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;

/**
 * Keeps every event in the order of arrival.
 *
 * <p>Safe for use by multiple threads.
 *
 * @since 0.1.0
 */
public final class RecordingObserver implements HonkerObserver {

  private final List<HonkerEvent> events = new CopyOnWriteArrayList<>();

  /** Creates an observer that has seen nothing. */
  public RecordingObserver() {}

  @Override
  public void onEvent(HonkerEvent event) {
    events.add(event);
  }

  /**
   * Returns the events so far.
   *
   * @return a snapshot in the order of arrival
   */
  public List<HonkerEvent> events() {
    return List.copyOf(events);
  }

  /**
   * Returns the events of one kind so far.
   *
   * @param type the kind
   * @param <E> the kind
   * @return a snapshot in the order of arrival
   */
  public <E extends HonkerEvent> List<E> events(Class<E> type) {
    return events.stream().filter(type::isInstance).map(type::cast).toList();
  }

  /**
   * Waits, in real time, for an event.
   *
   * @param type the kind
   * @param condition which one
   * @param <E> the kind
   * @return the first such event, past ones included
   */
  public <E extends HonkerEvent> E await(Class<E> type, Predicate<? super E> condition) {
    Eventually.awaitTrue(
        () -> "such a " + type.getSimpleName() + ", seen: " + events,
        () -> events(type).stream().anyMatch(condition));
    return events(type).stream().filter(condition).findFirst().orElseThrow();
  }
}
