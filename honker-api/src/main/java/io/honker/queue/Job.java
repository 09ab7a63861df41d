package io.honker.queue;

import io.honker.tx.Transaction;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A job that this claim owns until its lease ends.
 *
 * <p>Inside a worker's handler the worker acknowledges, retries and extends; call these methods
 * only for jobs from {@link JobQueue#claim}. Each returns whether the claim was still ours: {@code
 * false} means that the lease ended or the job went to another, and nothing was changed (rule Q-5).
 *
 * <p>Safe for use by multiple threads.
 *
 * @param <T> the payload type
 * @since 0.1.0
 */
public interface Job<T> {

  /**
   * Returns the job's id, unique in the database and never reused.
   *
   * @return the id
   */
  long id();

  /**
   * Returns the queue's name.
   *
   * @return the name
   */
  String queue();

  /**
   * Returns the payload.
   *
   * @return the decoded payload
   */
  T payload();

  /**
   * Returns which attempt this is.
   *
   * @return 1 for the first
   */
  int attempt();

  /**
   * Returns how many attempts the job gets.
   *
   * @return the limit; the job dies when the attempt of this number fails
   */
  int maxAttempts();

  /**
   * Returns the priority.
   *
   * @return higher runs first
   */
  int priority();

  /**
   * Returns when the job became due.
   *
   * @return a whole second
   */
  Instant runAt();

  /**
   * Returns when the job was enqueued.
   *
   * @return a whole second
   */
  Instant createdAt();

  /**
   * Returns when the job expires.
   *
   * @return a whole second, empty if never
   */
  Optional<Instant> expiresAt();

  /**
   * Returns until when the lease was good at the time of the claim or of the last extension made
   * through this object.
   *
   * @return a whole second
   */
  Instant leaseUntil();

  /**
   * Returns the id of the worker that holds the claim, unique per process and worker.
   *
   * @return the worker id
   */
  String workerId();

  /**
   * Looks up which fire time of which schedule the job was enqueued for (rule C-4). Reads the
   * database; blocks no writer.
   *
   * @return the schedule and the nominal fire time; empty for a job that no schedule of this
   *     library fired, that was triggered by hand, or that is gone
   */
  Optional<ScheduledFire> scheduledFire();

  /**
   * Marks the job done and removes it, in its own transaction.
   *
   * @return whether the claim was still ours
   */
  boolean ack();

  /**
   * Marks the job done in the given transaction.
   *
   * @param tx the open transaction
   * @return whether the claim was still ours; throw to undo the transaction if it was not
   */
  boolean ack(Transaction tx);

  /**
   * Puts the job back for another attempt after a delay, or to the dead letters if this was the
   * last. The error is kept in the attempt history (rule Q-6).
   *
   * @param delay not negative; fractions of a second round up
   * @param error the reason, or null
   * @return whether the claim was still ours
   */
  boolean retry(Duration delay, @Nullable String error);

  /**
   * Like {@link #retry(Duration, String)}, in the given transaction.
   *
   * @param tx the open transaction
   * @param delay not negative; fractions of a second round up
   * @param error the reason, or null
   * @return whether the claim was still ours
   */
  boolean retry(Transaction tx, Duration delay, @Nullable String error);

  /**
   * Moves the job to the dead letters, whatever attempts it has left.
   *
   * @param error the reason, or null
   * @return whether the claim was still ours
   */
  boolean fail(@Nullable String error);

  /**
   * Like {@link #fail(String)}, in the given transaction.
   *
   * @param tx the open transaction
   * @param error the reason, or null
   * @return whether the claim was still ours
   */
  boolean fail(Transaction tx, @Nullable String error);

  /**
   * Hands the job back unfinished: due at once for anybody, and this attempt does not count.
   *
   * @return whether the claim was still ours
   */
  boolean release();

  /**
   * Extends the lease so that it ends the given time from now. Never shortens it.
   *
   * @param extension positive; fractions of a second round up
   * @return whether the claim was still ours
   */
  boolean extendLease(Duration extension);
}
