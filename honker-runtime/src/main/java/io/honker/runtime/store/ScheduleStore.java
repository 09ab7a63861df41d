package io.honker.runtime.store;

import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The SQL of schedules (rules C-1 to C-5). Every method runs inside the caller's transaction; times
 * are whole unix seconds.
 *
 * <p>There are two tables: the shared one, and our own for what it cannot hold. A name lives in one
 * of them. If honker's other bindings register a name that our table has, theirs is the later
 * registration and ours counts as gone.
 */
public interface ScheduleStore {

  /** Inserts or replaces a schedule in its table and takes it out of the other. */
  void put(StoreConnection c, ScheduleRow row) throws SQLException;

  /** Finds a schedule. */
  Optional<ScheduleRow> find(StoreConnection c, String name) throws SQLException;

  /** All schedules, in no order. */
  List<ScheduleRow> list(StoreConnection c) throws SQLException;

  /** Deletes a schedule. */
  boolean delete(StoreConnection c, String name) throws SQLException;

  /**
   * Enabled schedules of one table that are due ({@code next_fire_at <= now}), the longest due
   * first.
   *
   * @param offset how many of them to pass over
   */
  List<ScheduleRow> due(StoreConnection c, boolean shared, long now, int limit, int offset)
      throws SQLException;

  /** The earliest fire time of enabled schedules of one table that is later than a second. */
  OptionalLong soonestAfter(StoreConnection c, boolean shared, long second) throws SQLException;

  /**
   * Sets the next fire time of a schedule that is still enabled and has the fire time, expression
   * and rules it was seen with.
   *
   * @return the schedule as it is now, empty if it has changed since it was seen
   */
  Optional<ScheduleRow> advance(StoreConnection c, ScheduleRow seen, long nextFireAt)
      throws SQLException;

  /** Notes the nominal fire times of jobs. */
  void recordFires(StoreConnection c, String schedule, long[] jobIds, List<Long> fireAts)
      throws SQLException;

  /** Finds the nominal fire time of a job. */
  Optional<FireRow> findFire(StoreConnection c, long jobId) throws SQLException;

  /**
   * Looks at some notes of {@link #recordFires}, in order of job, and deletes those of jobs that
   * are gone.
   *
   * @param afterJobId where to begin
   * @param limit how many to look at
   * @return where to go on, 0 if that was the end
   */
  long sweepFires(StoreConnection c, long afterJobId, int limit) throws SQLException;

  /** Which fire time of which schedule a job was enqueued for. */
  record FireRow(String schedule, long fireAt) {}
}
