package io.honker.runtime.schedule;

import io.honker.error.StoreException;
import io.honker.observe.HonkerEvent;
import io.honker.runtime.engine.Engine;
import io.honker.runtime.loop.Seconds;
import io.honker.runtime.loop.WakeKey;
import io.honker.runtime.store.JobStore;
import io.honker.runtime.store.NewJob;
import io.honker.runtime.store.ScheduleRow;
import io.honker.runtime.store.ScheduleStore;
import io.honker.runtime.store.StoreConnection;
import io.honker.runtime.store.WriteOperation;
import io.honker.schedule.Fire;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Fires what is due in one of the tables. Due rows are read and their fire times computed without
 * the writer; then one write advances each schedule that nobody advanced meanwhile and enqueues its
 * jobs, so that several who fire at the same time fire each time once (rule C-3).
 */
final class Ticker {

  private static final int PAGE = 500;
  private static final int MOST_JOBS_PER_WRITE = 1000;

  /** How often to look again at rows that others keep changing. */
  private static final int PATIENCE = 3;

  private static final int SWEPT_BESIDES = 32;

  /** Checked in the transaction that fires. */
  interface Guard {

    /** Tells whether the caller may fire. */
    boolean mayFire(StoreConnection c) throws SQLException;
  }

  /**
   * What a tick did.
   *
   * @param fires the jobs, in order of fire time
   * @param refused whether the guard ended it
   * @param failed whether a schedule could not enqueue its jobs and stays due
   */
  record Tick(List<Fire> fires, boolean refused, boolean failed) {}

  private record Fired(FirePlan plan, ScheduleRow row, List<Long> jobIds) {}

  private record Written(List<Fired> fired, boolean refused, long sweepFrom) {}

  private final Engine engine;
  private final ScheduleStore schedules;
  private final JobStore jobs;
  private final FireRules rules;
  private final AtomicLong sweepFrom = new AtomicLong();

  Ticker(Engine engine, FireRules rules) {
    this.engine = engine;
    this.schedules = engine.store().schedules();
    this.jobs = engine.store().jobs();
    this.rules = rules;
  }

  /** Fires what is due. */
  Tick tick(boolean shared, Instant now, Guard guard) {
    return new Run(shared, now, guard).run();
  }

  /** One tick; what it passes over stays due and stands before the rest. */
  private final class Run {

    private final boolean shared;
    private final Instant now;
    private final long second;
    private final Guard guard;
    private final List<Fire> fires = new ArrayList<>();
    private int passedOver;
    private int idlePages;
    private boolean refused;
    private boolean failed;

    Run(boolean shared, Instant now, Guard guard) {
      this.shared = shared;
      this.now = now;
      this.second = Seconds.of(now);
      this.guard = guard;
    }

    Tick run() {
      boolean more = true;
      while (more) {
        List<ScheduleRow> due =
            engine.read(c -> schedules.due(c, shared, second, PAGE, passedOver));
        int changed = fireAll(due);
        idlePages = changed < due.size() ? 0 : idlePages + 1;
        if (idlePages == PATIENCE) {
          passedOver += changed;
          idlePages = 0;
        }
        more = !refused && (due.size() == PAGE || changed > 0);
      }
      fires.sort(Comparator.comparing(Fire::fireAt));
      return new Tick(fires, refused, failed);
    }

    /**
     * Fires a page of rows.
     *
     * @return how many of them somebody else has changed meanwhile
     */
    private int fireAll(List<ScheduleRow> due) {
      int unsettled = due.size();
      List<FirePlan> batch = new ArrayList<>();
      int jobsInBatch = 0;
      for (ScheduleRow row : due) {
        FirePlan plan = rules.apply(row, rule -> plan(row, rule)).orElse(null);
        if (plan == null) {
          passedOver++;
          unsettled--;
          continue;
        }
        int count = plan.passed().fireAts().size();
        if (jobsInBatch + count > MOST_JOBS_PER_WRITE) {
          unsettled -= write(batch);
          batch.clear();
          jobsInBatch = 0;
        }
        batch.add(plan);
        jobsInBatch += count;
      }
      return unsettled - write(batch);
    }

    private FirePlan plan(ScheduleRow row, FireRule rule) {
      return new FirePlan(row, rule.passed(row.nextFireAt(), second));
    }

    /**
     * Fires plans in one transaction, or each in its own if one of them makes it fail.
     *
     * @return how many are settled
     */
    private int write(List<FirePlan> plans) {
      if (plans.isEmpty() || refused) {
        return 0;
      }
      try {
        return finish(attempt(plans));
      } catch (StoreException e) {
        return plans.size() == 1 ? giveUp(plans.get(0), e) : writeEach(plans);
      }
    }

    private int writeEach(List<FirePlan> plans) {
      int settled = 0;
      for (FirePlan plan : plans) {
        settled += write(List.of(plan));
      }
      return settled;
    }

    private int giveUp(FirePlan plan, StoreException failure) {
      engine.observe(() -> new HonkerEvent.ScheduleFailed(plan.row().name(), failure));
      failed = true;
      passedOver++;
      return 1;
    }

    private Written attempt(List<FirePlan> plans) {
      List<FirePlan> fixed = List.copyOf(plans);
      long from = sweepFrom.get();
      return engine.write(
          "tick",
          WriteOperation.<Written>statements(
              c ->
                  guard.mayFire(c)
                      ? fire(c, fixed, second, from)
                      : new Written(List.of(), true, from)));
    }

    private int finish(Written written) {
      refused |= written.refused();
      sweepFrom.set(written.sweepFrom());
      Map<String, Integer> perQueue = new LinkedHashMap<>();
      for (Fired fired : written.fired()) {
        tell(fired);
        perQueue.merge(fired.row().queue(), fired.jobIds().size(), Integer::sum);
      }
      perQueue.forEach(
          (queue, count) -> {
            if (count > 0) {
              engine.signals().signal(WakeKey.queue(queue));
              engine.observe(() -> new HonkerEvent.JobsEnqueued(queue, count));
            }
          });
      return written.fired().size();
    }

    private void tell(Fired fired) {
      String name = fired.row().name();
      String queue = fired.row().queue();
      List<Long> fireAts = fired.plan().passed().fireAts();
      for (int i = 0; i < fireAts.size(); i++) {
        Instant fireAt = Seconds.instant(fireAts.get(i));
        long jobId = fired.jobIds().get(i);
        fires.add(new Fire(name, queue, fireAt, jobId));
        engine.observe(
            () ->
                new HonkerEvent.ScheduleFired(
                    name, queue, jobId, fireAt, Duration.between(fireAt, now)));
      }
    }
  }

  // ---- inside the transaction

  private Written fire(StoreConnection c, List<FirePlan> plans, long now, long sweepAfter)
      throws SQLException {
    List<Fired> fired = new ArrayList<>(plans.size());
    int count = 0;
    for (FirePlan plan : plans) {
      ScheduleRow row = schedules.advance(c, plan.row(), plan.passed().nextFireAt()).orElse(null);
      if (row != null) {
        List<Long> jobIds = enqueue(c, row, plan.passed().fireAts(), now);
        fired.add(new Fired(plan, row, jobIds));
        count += jobIds.size();
      }
    }
    long sweptTo =
        count == 0 ? sweepAfter : schedules.sweepFires(c, sweepAfter, count + SWEPT_BESIDES);
    return new Written(fired, false, sweptTo);
  }

  private List<Long> enqueue(StoreConnection c, ScheduleRow row, List<Long> fireAts, long now)
      throws SQLException {
    NewJob job = FirePlan.job(row, now);
    int count = fireAts.size();
    long[] jobIds =
        count == 1
            ? new long[] {jobs.insert(c, job, row.payload())}
            : jobs.insertAll(c, job, Collections.nCopies(count, row.payload()));
    schedules.recordFires(c, row.name(), jobIds, fireAts);
    return Arrays.stream(jobIds).boxed().toList();
  }
}
