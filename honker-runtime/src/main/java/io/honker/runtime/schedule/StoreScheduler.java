package io.honker.runtime.schedule;

import io.honker.observe.HonkerEvent;
import io.honker.runtime.engine.Engine;
import io.honker.runtime.engine.EngineTransaction;
import io.honker.runtime.loop.Seconds;
import io.honker.runtime.loop.WakeKey;
import io.honker.runtime.store.ScheduleRow;
import io.honker.runtime.store.ScheduleStore;
import io.honker.runtime.store.StoreConnection;
import io.honker.runtime.store.WriteOperation;
import io.honker.schedule.Fire;
import io.honker.schedule.RunningScheduler;
import io.honker.schedule.Schedule;
import io.honker.schedule.ScheduleInfo;
import io.honker.schedule.ScheduleUpdate;
import io.honker.schedule.Scheduler;
import io.honker.schedule.SchedulerOptions;
import io.honker.tx.Transaction;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Schedules over the store. */
public final class StoreScheduler implements Scheduler {

  private static final int PAGE = 100;
  private static final int MOST_PREVIEWED = 10_000;

  private final Engine engine;
  private final ScheduleStore schedules;
  private final FireRules rules;
  private final ScheduleRows rows;
  private final Ticker ticker;

  /** Makes the feature over an engine. */
  public StoreScheduler(Engine engine) {
    this.engine = engine;
    this.schedules = engine.store().schedules();
    this.rules = new FireRules(engine);
    this.rows = new ScheduleRows(engine, rules);
    this.ticker = new Ticker(engine, rules);
  }

  /** A change of schedules inside a transaction. */
  private interface Change<R extends @Nullable Object> {
    R apply(StoreConnection c) throws SQLException;
  }

  private <R extends @Nullable Object> R change(String call, Change<R> change) {
    R result = engine.write(call, WriteOperation.<R>statements(change::apply));
    engine.signals().signal(WakeKey.schedules());
    return result;
  }

  private <R extends @Nullable Object> R change(Transaction tx, String doing, Change<R> change) {
    R result = engine.write(tx, doing, change::apply);
    engine.own(tx).touch(WakeKey.schedules());
    return result;
  }

  // ---- register, update, remove

  @Override
  public void register(Schedule schedule) {
    change("register", registration(schedule));
  }

  @Override
  public void register(Transaction tx, Schedule schedule) {
    change(tx, "registering a schedule", registration(schedule));
  }

  private Change<@Nullable Void> registration(Schedule schedule) {
    FireRule rule = FireRules.of(Objects.requireNonNull(schedule, "schedule"));
    ScheduleRow row = rows.of(schedule, rule, engine.clock().now());
    return c -> {
      Optional<ScheduleRow> before = schedules.find(c, row.name());
      schedules.put(c, before.map(b -> rows.inPlaceOf(b, row, rule)).orElse(row));
      return null;
    };
  }

  @Override
  public boolean update(String name, ScheduleUpdate update) {
    return change("update", changing(name, update));
  }

  @Override
  public boolean update(Transaction tx, String name, ScheduleUpdate update) {
    return change(tx, "updating a schedule", changing(name, update));
  }

  private Change<Boolean> changing(String name, ScheduleUpdate update) {
    Objects.requireNonNull(name, "name");
    update.expression().ifPresent(text -> FireRules.ruleOf(text, null)); // fails before the writer
    Instant now = engine.clock().now();
    return c -> {
      ScheduleRow row = schedules.find(c, name).orElse(null);
      if (row == null || isEmpty(update)) {
        return false;
      }
      schedules.put(c, rows.changed(row, update, now));
      return true;
    };
  }

  private static boolean isEmpty(ScheduleUpdate update) {
    return update.expression().isEmpty()
        && update.queue().isEmpty()
        && !update.setsPayload()
        && update.priority().isEmpty()
        && update.maxAttempts().isEmpty()
        && !update.setsExpiry();
  }

  @Override
  public boolean remove(String name) {
    Objects.requireNonNull(name, "name");
    return change("remove", c -> schedules.delete(c, name));
  }

  @Override
  public boolean remove(Transaction tx, String name) {
    Objects.requireNonNull(name, "name");
    return change(tx, "removing a schedule", c -> schedules.delete(c, name));
  }

  // ---- pause, resume

  @Override
  public boolean pause(String name) {
    return change("pause", enabling(name, false));
  }

  @Override
  public boolean pause(Transaction tx, String name) {
    return change(tx, "pausing a schedule", enabling(name, false));
  }

  @Override
  public boolean resume(String name) {
    return change("resume", enabling(name, true));
  }

  @Override
  public boolean resume(Transaction tx, String name) {
    return change(tx, "resuming a schedule", enabling(name, true));
  }

  private Change<Boolean> enabling(String name, boolean enabled) {
    Objects.requireNonNull(name, "name");
    Instant now = engine.clock().now();
    return c -> {
      ScheduleRow row = schedules.find(c, name).orElse(null);
      if (row == null || row.enabled() == enabled) {
        return false;
      }
      schedules.put(c, row.with(enabled ? nextFireAt(row, now) : row.nextFireAt(), enabled));
      return true;
    };
  }

  /** The first fire time after now; of an unreadable schedule the one that it has. */
  private long nextFireAt(ScheduleRow row, Instant now) {
    return rules.apply(row, rule -> rule.firstAfter(now)).orElse(row.nextFireAt());
  }

  // ---- look

  @Override
  public List<ScheduleInfo> list() {
    return engine.read(schedules::list).stream()
        .map(ScheduleRows::info)
        .sorted(Comparator.comparing(ScheduleInfo::name))
        .toList();
  }

  @Override
  public Optional<ScheduleInfo> find(String name) {
    return row(name).map(ScheduleRows::info);
  }

  private Optional<ScheduleRow> row(String name) {
    Objects.requireNonNull(name, "name");
    return engine.read(c -> schedules.find(c, name));
  }

  @Override
  public List<Instant> next(String name, int count) {
    checkCount(count);
    Instant now = engine.clock().now();
    return row(name)
        .flatMap(row -> rules.apply(row, rule -> next(row, rule, now, count)))
        .orElse(List.of());
  }

  private static List<Instant> next(ScheduleRow row, FireRule rule, Instant now, int count) {
    if (!row.enabled()) {
      return rule.preview(now, count);
    }
    Instant first = Seconds.instant(row.nextFireAt());
    return Stream.concat(Stream.of(first), rule.preview(first, count - 1).stream()).toList();
  }

  @Override
  public List<Instant> preview(Schedule schedule, Instant after, int count) {
    Objects.requireNonNull(after, "after");
    checkCount(count);
    return FireRules.of(Objects.requireNonNull(schedule, "schedule")).preview(after, count);
  }

  private static void checkCount(int count) {
    if (count < 1 || count > MOST_PREVIEWED) {
      throw new IllegalArgumentException(
          "count must be from 1 to " + MOST_PREVIEWED + ", not " + count);
    }
  }

  // ---- fire

  @Override
  public Optional<Long> trigger(String name) {
    Triggered triggered =
        engine.write("trigger", WriteOperation.<Triggered>statements(triggering(name)::apply));
    if (triggered.jobId() != null) {
      engine.signals().signal(WakeKey.queue(triggered.queue()));
      engine.observe(() -> new HonkerEvent.JobsEnqueued(triggered.queue(), 1));
    }
    return Optional.ofNullable(triggered.jobId());
  }

  @Override
  public Optional<Long> trigger(Transaction tx, String name) {
    Triggered triggered = engine.write(tx, "triggering a schedule", triggering(name)::apply);
    if (triggered.jobId() != null) {
      EngineTransaction transaction = engine.own(tx);
      transaction.touch(WakeKey.queue(triggered.queue()));
      transaction.afterCommit(
          () -> engine.observe(() -> new HonkerEvent.JobsEnqueued(triggered.queue(), 1)));
    }
    return Optional.ofNullable(triggered.jobId());
  }

  private record Triggered(String queue, @Nullable Long jobId) {}

  private Change<Triggered> triggering(String name) {
    Objects.requireNonNull(name, "name");
    long now = Seconds.of(engine.clock().now());
    return c -> {
      ScheduleRow row = schedules.find(c, name).orElse(null);
      return row == null
          ? new Triggered("", null)
          : new Triggered(
              row.queue(), engine.store().jobs().insert(c, FirePlan.job(row, now), row.payload()));
    };
  }

  @Override
  public List<Fire> tick(Instant now) {
    Objects.requireNonNull(now, "now");
    List<Fire> fires = new ArrayList<>(ticker.tick(true, now, c -> true).fires());
    fires.addAll(ticker.tick(false, now, c -> true).fires());
    fires.sort(Comparator.comparing(Fire::fireAt));
    return List.copyOf(fires);
  }

  @Override
  public Optional<Instant> soonest() {
    long now = Seconds.of(engine.clock().now());
    return engine.read(
        c ->
            Stream.of(soonest(c, true, now), soonest(c, false, now))
                .flatMap(Optional::stream)
                .min(Comparator.naturalOrder())
                .map(Seconds::instant));
  }

  /** What is due comes first, unless it is unreadable and will never fire. */
  private Optional<Long> soonest(StoreConnection c, boolean shared, long now) throws SQLException {
    List<ScheduleRow> due = schedules.due(c, shared, now, PAGE, 0);
    for (int offset = 0; !due.isEmpty(); offset += due.size()) {
      for (ScheduleRow row : due) {
        if (rules.apply(row, rule -> rule.passed(row.nextFireAt(), now)).isPresent()) {
          return Optional.of(row.nextFireAt());
        }
      }
      due = schedules.due(c, shared, now, PAGE, offset + due.size());
    }
    OptionalLong later = schedules.soonestAfter(c, shared, now);
    return later.isPresent() ? Optional.of(later.getAsLong()) : Optional.empty();
  }

  @Override
  public RunningScheduler start(SchedulerOptions options) {
    engine.checkOpen();
    return LeaderLoop.start(engine, ticker, Objects.requireNonNull(options, "options"));
  }
}
