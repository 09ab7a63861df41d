package io.honker.runtime.store;

import java.sql.SQLException;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The SQL of jobs. Every method runs inside the caller's transaction; times are whole unix seconds
 * and {@code now} is the operation's one now.
 *
 * <p>Boundaries are honker's: due at {@code run_at <= now}, expired at {@code expires_at <= now},
 * owned while {@code claim_expires_at >= now}.
 */
public interface JobStore {

  /** Inserts one job with one statement. */
  long insert(StoreConnection c, NewJob job, String payload) throws SQLException;

  /** Inserts jobs that differ in their payload only. Ids come in the order of the payloads. */
  long[] insertAll(StoreConnection c, NewJob job, List<String> payloads) throws SQLException;

  /**
   * Inserts a job unless the key is taken: by a live job of the queue, or until a second in time.
   *
   * @param uniqueUntil the second up to which the key stays taken, {@code now} for no window
   */
  UniqueOutcome insertUnique(
      StoreConnection c, NewJob job, String payload, String key, long uniqueUntil)
      throws SQLException;

  /** Claims due jobs (rules ). */
  ClaimOutcome claim(StoreConnection c, ClaimRequest request) throws SQLException;

  /**
   * The part of {@link #claim} that only looks: the next second at which a job can be claimed, its
   * queue's limit considered.
   */
  long nextDue(StoreConnection c, String queue, long now) throws SQLException;

  /** Deletes a job whose claim is still ours. */
  boolean ack(StoreConnection c, ClaimRef claim, long now) throws SQLException;

  /** Deletes jobs; bit i tells whether claim i was still ours. */
  BitSet ackAll(StoreConnection c, List<ClaimRef> claims, long now) throws SQLException;

  /** Puts a job back for another attempt, or to the dead letters if that was its last. */
  FailureOutcome retry(
      StoreConnection c, ClaimRef claim, long runAt, @Nullable String error, long now)
      throws SQLException;

  /** Moves a job whose claim is ours to the dead letters. */
  boolean fail(StoreConnection c, ClaimRef claim, @Nullable String error, long now)
      throws SQLException;

  /** Hands a job back, due as before, and undoes the attempt. */
  boolean release(StoreConnection c, ClaimRef claim, long now) throws SQLException;

  /** Extends a lease, never shortening it. */
  boolean extend(StoreConnection c, ClaimRef claim, long leaseUntil, long now) throws SQLException;

  /** Deletes a live job of the queue. */
  boolean cancel(StoreConnection c, String queue, long id) throws SQLException;

  /** Finds a job of any queue in any state, without its history if {@code withHistory} is false. */
  Optional<JobRow> find(StoreConnection c, long id, boolean withHistory) throws SQLException;

  /** Counts, each up to a limit. */
  QueueCounts count(StoreConnection c, String queue, int limit, long now) throws SQLException;

  /** Names of queues with live or dead jobs, in order. */
  List<String> queues(StoreConnection c) throws SQLException;

  /** Moves expired pending jobs to the dead letters. */
  int sweepExpired(StoreConnection c, String queue, long now) throws SQLException;

  /** Sets or clears the pause mark; true if that changed it. */
  boolean pause(StoreConnection c, String queue, boolean paused) throws SQLException;

  /** Tells whether the queue is paused. */
  boolean isPaused(StoreConnection c, String queue) throws SQLException;

  /** Limits how many jobs of the queue are in flight with a live lease; null for no limit. */
  void limitConcurrency(StoreConnection c, String queue, @Nullable Integer max) throws SQLException;

  /** The queue's limit of jobs in flight, null for none. */
  @Nullable Integer concurrencyLimit(StoreConnection c, String queue) throws SQLException;

  /** A page of dead jobs in order of id. */
  List<JobRow> dead(
      StoreConnection c, String queue, @Nullable String errorContains, long afterId, int limit)
      throws SQLException;

  /** The number of dead jobs. */
  long countDead(StoreConnection c, String queue) throws SQLException;

  /** Inserts a job that is dead from the start, after so many attempts. */
  long insertDead(StoreConnection c, NewJob job, String payload, int attempts, String error)
      throws SQLException;

  /** Makes a dead job live again with fresh attempts, due at {@code now}. */
  boolean requeue(StoreConnection c, String queue, long id, long now) throws SQLException;

  /** Requeues the oldest dead jobs. */
  int requeueAll(StoreConnection c, String queue, int limit, long now) throws SQLException;

  /** Deletes dead jobs that died at or before a second. */
  int purgeDeadUntil(StoreConnection c, String queue, long diedAt) throws SQLException;

  /** Deletes dead jobs but the newest. */
  int purgeDeadKeeping(StoreConnection c, String queue, int keep) throws SQLException;
}
