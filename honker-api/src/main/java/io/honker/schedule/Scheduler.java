package io.honker.schedule;

import io.honker.tx.Transaction;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Recurring jobs. Schedules are rows of the database; {@link #start} fires them, in whichever of
 * the processes leads (rules C-1 to C-6).
 *
 * <pre>{@code
 * honker.scheduler().register(
 *     Schedule.cron("nightly", "0 3 * * *", "reports").payload("sales").build());
 * try (RunningScheduler running = honker.scheduler().start()) {
 *   ...
 * }
 * }</pre>
 *
 * <p>A fire time is one transaction: the leader's lock is checked, the job is enqueued and the next
 * fire time is stored, so that no fire time is doubled, and none is lost beyond the schedule's
 * {@link CatchUp}. Schedules that honker's other bindings can express stand in the shared table and
 * may be fired by any of them; others stand in a table of this library.
 *
 * <p>Every change has two forms, alone and with a {@link Transaction}. Safe for use by multiple
 * threads.
 *
 * @since 0.1.0
 */
public interface Scheduler {

  /**
   * Registers a schedule or replaces the one of its name, in its own transaction. The next fire
   * time is kept if expression, zone and clock change rule are unchanged, so that restarts lose
   * nothing; otherwise it is the first after now. A paused schedule stays paused.
   *
   * <p>The schedule goes to the table that honker's other bindings share if they can mean it: no
   * zone of its own, the default rule and policy, and an expression that reads the same to them
   * ({@link ScheduleInfo#shared()} tells). Its expression is then stored in their spelling.
   *
   * @param schedule the schedule
   * @throws IllegalArgumentException if the expression cannot be read or never fires, naming the
   *     field
   * @throws io.honker.error.PayloadException if the payload cannot be written or is too large
   */
  void register(Schedule schedule);

  /**
   * Registers a schedule in the given transaction.
   *
   * @param tx the open transaction
   * @param schedule the schedule
   * @see #register(Schedule)
   */
  void register(Transaction tx, Schedule schedule);

  /**
   * Changes a registered schedule in its own transaction.
   *
   * @param name the schedule's name
   * @param update what to change
   * @return whether there is such a schedule and something to change
   * @throws IllegalArgumentException if the new expression cannot be read or never fires
   */
  boolean update(String name, ScheduleUpdate update);

  /**
   * Changes a registered schedule in the given transaction.
   *
   * @param tx the open transaction
   * @param name the schedule's name
   * @param update what to change
   * @return whether there is such a schedule and something to change
   */
  boolean update(Transaction tx, String name, ScheduleUpdate update);

  /**
   * Removes a schedule in its own transaction. Jobs that it enqueued stay.
   *
   * @param name the schedule's name
   * @return whether there was one
   */
  boolean remove(String name);

  /**
   * Removes a schedule in the given transaction.
   *
   * @param tx the open transaction
   * @param name the schedule's name
   * @return whether there was one
   */
  boolean remove(Transaction tx, String name);

  /**
   * Stops a schedule from firing.
   *
   * @param name the schedule's name
   * @return whether that changed something
   */
  boolean pause(String name);

  /**
   * Stops a schedule from firing, in the given transaction.
   *
   * @param tx the open transaction
   * @param name the schedule's name
   * @return whether that changed something
   */
  boolean pause(Transaction tx, String name);

  /**
   * Lets a paused schedule fire again, from its next fire time after now on: what passed during the
   * pause is not made up for.
   *
   * @param name the schedule's name
   * @return whether that changed something
   */
  boolean resume(String name);

  /**
   * Lets a paused schedule fire again, in the given transaction.
   *
   * @param tx the open transaction
   * @param name the schedule's name
   * @return whether that changed something
   * @see #resume(String)
   */
  boolean resume(Transaction tx, String name);

  /**
   * Lists all schedules.
   *
   * @return a snapshot in order of name
   */
  List<ScheduleInfo> list();

  /**
   * Looks a schedule up.
   *
   * @param name the schedule's name
   * @return a snapshot, empty if there is none
   */
  Optional<ScheduleInfo> find(String name);

  /**
   * Enqueues a schedule's job now, paused or not, in its own transaction. Its fire times are not
   * touched.
   *
   * @param name the schedule's name
   * @return the job's id, empty if there is no such schedule
   */
  Optional<Long> trigger(String name);

  /**
   * Enqueues a schedule's job now, paused or not, in the given transaction.
   *
   * @param tx the open transaction
   * @param name the schedule's name
   * @return the job's id, empty if there is no such schedule
   */
  Optional<Long> trigger(Transaction tx, String name);

  /**
   * Computes the next fire times of a registered schedule: the stored one, which may have passed if
   * nobody schedules, and those that follow it; of a paused schedule those after now.
   *
   * @param name the schedule's name
   * @param count how many at most, from 1 to 10,000
   * @return the fire times in order, fewer if there are no more; empty if there is no such schedule
   *     or it cannot be read
   */
  List<Instant> next(String name, int count);

  /**
   * Computes fire times of a schedule that need not be registered. Touches no database.
   *
   * @param schedule the schedule
   * @param after the instant after which to begin
   * @param count how many at most, from 1 to 10,000
   * @return the fire times in order, all strictly after {@code after}
   * @throws IllegalArgumentException if the expression cannot be read
   */
  List<Instant> preview(Schedule schedule, Instant after, int count);

  /**
   * Fires what is due, for those who own their loop: whoever leads elsewhere is not asked. Calls at
   * the same time, also in other processes, fire each fire time once.
   *
   * @param now the instant that counts as now
   * @return what was fired, in order of fire time; a schedule that cannot be read or cannot enqueue
   *     its jobs is told to the observer and does not stop the others (rule C-5)
   * @throws io.honker.error.StoreBusyException if another process kept the file locked; retryable,
   *     and nothing is lost
   */
  List<Fire> tick(Instant now);

  /**
   * Returns when the next schedule is due.
   *
   * @return the earliest fire time of those that are neither paused nor unreadable, empty if there
   *     is none
   */
  Optional<Instant> soonest();

  /**
   * Starts firing with default options.
   *
   * @return the running scheduler; close it
   */
  default RunningScheduler start() {
    return start(SchedulerOptions.defaults());
  }

  /**
   * Starts firing in this process whenever it leads. One process leads at a time, by the locks
   * {@code honker-scheduler}, shared with honker's other bindings, and {@code honkerj-scheduler};
   * the others stand by and take over when the leader ends or its lease does (rule C-3).
   *
   * @param options lease of the leader
   * @return the running scheduler; close it
   */
  RunningScheduler start(SchedulerOptions options);
}
