package io.honker.queue;

import io.honker.tx.Transaction;
import java.time.Duration;
import java.util.List;

/**
 * The dead letters of one queue: jobs that will not run again unless requeued (rule Q-10).
 *
 * <p>Safe for use by multiple threads.
 *
 * @param <T> the payload type
 * @since 0.1.0
 */
public interface DeadLetters<T> {

  /**
   * Lists dead jobs in order of id.
   *
   * @param afterId the last id of the page before, 0 for the first page
   * @param limit how many at most, at least 1
   * @return one page, empty past the end
   */
  List<JobSnapshot<T>> list(long afterId, int limit);

  /**
   * Lists dead jobs whose recorded reason contains a text.
   *
   * @param errorContains the text, compared exactly
   * @param afterId the last id of the page before, 0 for the first page
   * @param limit how many at most, at least 1
   * @return one page, empty past the end
   */
  List<JobSnapshot<T>> list(String errorContains, long afterId, int limit);

  /**
   * Counts them.
   *
   * @return the exact count
   */
  long count();

  /**
   * Makes a dead job live again, due at once, with fresh attempts and the same id, in its own
   * transaction.
   *
   * @param jobId the dead job
   * @return whether there was such a dead job in this queue
   */
  boolean requeue(long jobId);

  /**
   * Like {@link #requeue(long)}, in the given transaction.
   *
   * @param tx the open transaction
   * @param jobId the dead job
   * @return whether there was such a dead job in this queue
   */
  boolean requeue(Transaction tx, long jobId);

  /**
   * Requeues the oldest dead jobs in one transaction.
   *
   * @param limit how many at most, at least 1
   * @return how many were requeued
   */
  int requeueAll(int limit);

  /**
   * Deletes dead jobs that died longer ago than an age.
   *
   * @param age not negative; zero deletes all
   * @return how many were deleted
   */
  int purgeOlderThan(Duration age);

  /**
   * Deletes the oldest dead jobs and keeps the newest.
   *
   * @param keep how many to keep, not negative
   * @return how many were deleted
   */
  int purgeKeeping(int keep);
}
