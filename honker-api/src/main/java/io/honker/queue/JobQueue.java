package io.honker.queue;

import io.honker.tx.Transaction;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A durable queue of jobs with typed payloads.
 *
 * <p>Delivery is at least once: a job whose worker dies is claimed again when its lease ends. Jobs
 * are handed out by priority (higher first), then due time, then id (rule Q-4). {@link
 * #transactionalWorker} makes the handler's writes and the acknowledgement one commit, so that its
 * effect in this database happens exactly once.
 *
 * <p>Every write has two forms: alone, in its own transaction that is committed when the call
 * returns; and with a {@link Transaction}, committed or rolled back with it. The stand-alone form
 * inside a transaction of the same thread is refused with {@link
 * io.honker.error.NestedWriteException}.
 *
 * <p>All writes may throw {@link io.honker.error.StoreBusyException} (retryable, nothing written),
 * {@link io.honker.error.StoreException}, {@link io.honker.error.HonkerInterruptedException}, and
 * {@link IllegalStateException} after {@code Honker.close()}. The shared tables hold whole seconds:
 * fractions of delays and leases round up, so a job never runs early and a lease never ends early.
 *
 * <p>Handles are cheap and safe for use by multiple threads.
 *
 * @param <T> the payload type
 * @since 0.1.0
 */
public interface JobQueue<T> {

  /**
   * Returns the queue's name.
   *
   * @return the name
   */
  String name();

  /**
   * Enqueues a job that is due at once, in its own transaction.
   *
   * @param payload the payload, never null
   * @return the job's id
   * @throws io.honker.error.PayloadException if the payload cannot be written or is too large
   */
  long enqueue(T payload);

  /**
   * Enqueues a job in its own transaction.
   *
   * @param payload the payload, never null
   * @param options priority, due time, expiry, attempts
   * @return the job's id
   * @throws io.honker.error.PayloadException if the payload cannot be written or is too large
   */
  long enqueue(T payload, EnqueueOptions options);

  /**
   * Enqueues a job that is due at once, in the given transaction.
   *
   * @param tx the open transaction
   * @param payload the payload, never null
   * @return the job's id, gone again if the transaction rolls back
   * @throws io.honker.error.PayloadException if the payload cannot be written or is too large
   */
  long enqueue(Transaction tx, T payload);

  /**
   * Enqueues a job in the given transaction.
   *
   * @param tx the open transaction
   * @param payload the payload, never null
   * @param options priority, due time, expiry, attempts
   * @return the job's id, gone again if the transaction rolls back
   * @throws io.honker.error.PayloadException if the payload cannot be written or is too large
   */
  long enqueue(Transaction tx, T payload, EnqueueOptions options);

  /**
   * Enqueues many jobs in one transaction, at multi-row speed (rule Q-2).
   *
   * @param payloads the payloads, none null; an empty collection writes nothing
   * @param options options that all of them share
   * @return the ids in the order of the payloads
   * @throws io.honker.error.PayloadException if one cannot be written or is too large; none is
   *     enqueued then
   */
  List<Long> enqueueAll(Collection<? extends T> payloads, EnqueueOptions options);

  /**
   * Enqueues many jobs with default options in one transaction.
   *
   * @param payloads the payloads, none null; an empty collection writes nothing
   * @return the ids in the order of the payloads
   */
  default List<Long> enqueueAll(Collection<? extends T> payloads) {
    return enqueueAll(payloads, EnqueueOptions.defaults());
  }

  /**
   * Enqueues many jobs in the given transaction.
   *
   * @param tx the open transaction
   * @param payloads the payloads, none null; an empty collection writes nothing
   * @param options options that all of them share
   * @return the ids in the order of the payloads
   */
  List<Long> enqueueAll(Transaction tx, Collection<? extends T> payloads, EnqueueOptions options);

  /**
   * Enqueues a job unless a live job of this queue has the same key, in its own transaction (rule
   *
   *
   * @param key the unique key, not blank
   * @param payload the payload, never null
   * @param options options of the job; {@link EnqueueOptions#uniqueFor} keeps the key taken for a
   *     time, even after the job is done
   * @return the new job's id, or the first one's and that this was a duplicate
   */
  EnqueueResult enqueueUnique(String key, T payload, EnqueueOptions options);

  /**
   * Like {@link #enqueueUnique(String, Object, EnqueueOptions)}, in the given transaction.
   *
   * @param tx the open transaction
   * @param key the unique key, not blank
   * @param payload the payload, never null
   * @param options options of the job
   * @return the new job's id, or the first one's and that this was a duplicate
   */
  EnqueueResult enqueueUnique(Transaction tx, String key, T payload, EnqueueOptions options);

  /**
   * Claims the best due job, without waiting.
   *
   * @return the claimed job, empty if nothing is due
   */
  default Optional<Job<T>> claim() {
    return claim(1).stream().findFirst();
  }

  /**
   * Claims up to {@code max} due jobs, without waiting, in one transaction (rules ).
   *
   * <p>Each claim counts as an attempt and holds a lease of the visibility timeout. Exhausted and
   * expired jobs met on the way go to the dead letters, and so do those whose payload cannot be
   * read.
   *
   * @param max how many at most, at least 1
   * @return the claimed jobs in order of priority, due time and id; empty if nothing is due
   */
  List<Job<T>> claim(int max);

  /**
   * Claims up to {@code max} due jobs and waits for the first one if none is due: woken by the
   * commit that makes one due, in this or another process, or by the clock.
   *
   * @param max how many at most, at least 1
   * @param wait how long to wait at most; zero does not wait
   * @return the claimed jobs in order; empty after the timeout
   * @throws InterruptedException if interrupted while waiting; nothing is claimed then
   */
  List<Job<T>> claim(int max, Duration wait) throws InterruptedException;

  /**
   * Acknowledges many claimed jobs in one transaction.
   *
   * @param jobs jobs claimed from this queue
   * @return how many were still ours and are now done; the others changed hands and are untouched
   */
  int ackAll(Collection<Job<T>> jobs);

  /**
   * Acknowledges many claimed jobs in the given transaction.
   *
   * @param tx the open transaction
   * @param jobs jobs claimed from this queue
   * @return how many were still ours
   */
  int ackAll(Transaction tx, Collection<Job<T>> jobs);

  /**
   * Prepares a worker that hands each job to the handler and acknowledges it when the handler
   * returns (rule Q-7). At least once: a crash after the handler and before the acknowledgement
   * runs the job again.
   *
   * @param handler the handler, called by up to {@code concurrency} threads at a time
   * @return a builder; {@link WorkerBuilder#start} starts it
   */
  WorkerBuilder worker(JobHandler<T> handler);

  /**
   * Prepares a worker that stores what the handler returns as the job's result, in the transaction
   * of the acknowledgement (rule Q-11).
   *
   * @param handler the handler
   * @param ttl how long results are kept; {@link Duration#ZERO} keeps them until swept by hand
   * @return a builder; {@link WorkerBuilder#start} starts it
   */
  WorkerBuilder workerWithResult(JobFunction<T> handler, Duration ttl);

  /**
   * Prepares a worker whose handler runs inside the transaction that acknowledges the job: its
   * writes and the acknowledgement commit together, so their effect happens exactly once (rule
   *
   *
   * <p>The handler holds the database's only writer while it runs. Keep it short and free of
   * network calls; such jobs run one at a time per database, whatever the concurrency.
   *
   * @param handler the handler
   * @return a builder; {@link WorkerBuilder#start} starts it
   */
  WorkerBuilder transactionalWorker(TransactionalJobHandler<T> handler);

  /**
   * Removes a live job, claimed or not, in its own transaction. A handler that is running is
   * interrupted when its lease is next renewed; whatever it does, its acknowledgement finds the job
   * gone.
   *
   * @param jobId the job
   * @return whether there was such a job in this queue
   */
  boolean cancel(long jobId);

  /**
   * Removes a live job in the given transaction.
   *
   * @param tx the open transaction
   * @param jobId the job
   * @return whether there was such a job in this queue
   */
  boolean cancel(Transaction tx, long jobId);

  /**
   * Looks a job up in any state, dead included (rule Q-9). Done jobs are gone.
   *
   * @param jobId the job
   * @return a snapshot with the history of its failed attempts, empty if there is no such job in
   *     this queue
   */
  Optional<JobSnapshot<T>> find(long jobId);

  /**
   * Counts the queue's jobs (rule Q-9).
   *
   * @return a snapshot; counts are exact up to {@link QueueStats#COUNT_LIMIT}
   */
  QueueStats stats();

  /**
   * Returns the jobs that will not run again unless requeued (rule Q-10).
   *
   * @return the dead letters of this queue
   */
  DeadLetters<T> deadLetters();

  /**
   * Moves expired jobs that nobody claimed to the dead letters, in one transaction. Claims do this
   * for the jobs they meet; call it to be thorough.
   *
   * @return how many were moved
   */
  int sweepExpired();

  /**
   * Stops claims of this library, by workers and by {@link #claim}, in all processes; enqueueing
   * goes on. Running handlers finish. Pausing a paused queue does nothing.
   */
  void pause();

  /** Lets workers claim again after {@link #pause}. */
  void resume();

  /**
   * Tells whether the queue is paused.
   *
   * @return true after {@link #pause}, by any process
   */
  boolean isPaused();

  /**
   * Limits how many jobs of this queue are in flight at a time, in all processes together, by
   * letting claims of this library take no more than there is room for (rule Q-9). Jobs that other
   * programs claimed count as in flight; jobs whose lease has ended do not.
   *
   * <p>In its own transaction. A lower limit than before lets running handlers finish.
   *
   * @param max how many jobs at most, at least 1
   */
  void limitConcurrency(int max);

  /** Removes the limit of {@link #limitConcurrency}, in its own transaction. */
  void removeConcurrencyLimit();

  /**
   * Returns how many jobs of this queue may be in flight at a time.
   *
   * @return the limit that any process set, empty for none
   */
  OptionalInt concurrencyLimit();

  /**
   * Returns when the next job of this queue can be claimed, if nothing else happens.
   *
   * @return a past or present instant if one is due already, a future one if all are delayed or in
   *     flight, empty if there is none
   */
  Optional<Instant> nextDue();
}
