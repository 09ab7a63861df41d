package io.honker.task;

import io.honker.queue.AwaitedResult;
import io.honker.queue.WorkerBuilder;
import io.honker.tx.Transaction;
import java.time.Duration;
import java.util.Set;

/**
 * A queue of calls of named tasks, in the envelope that honker's other bindings read and write
 * (rule Q-12).
 *
 * <pre>{@code
 * TaskQueue tasks = honker.tasks("default");
 * tasks.register("add", call -> call.argument(0, Integer.class) + call.argument(1, Integer.class));
 * try (Worker worker = tasks.worker().concurrency(4).start()) {
 *   long id = tasks.call("add", TaskArguments.of(2, 3));
 *   int sum = tasks.await(id, Integer.class, Duration.ofSeconds(5)).value();
 * }
 * }</pre>
 *
 * <p>Whoever calls a task need not know it: names that no worker of the queue knows go to the dead
 * letters when a worker meets them, with the names that it knows. Delivery is at least once.
 *
 * <p>Handles are safe for use by multiple threads. Registrations belong to the handle.
 *
 * @since 0.1.0
 */
public interface TaskQueue {

  /**
   * Returns the queue's name.
   *
   * @return the name
   */
  String queue();

  /**
   * Makes a task known under a name, with default options.
   *
   * @param name the task's name, not blank
   * @param handler does the work; called by several threads at a time
   * @return this
   * @throws IllegalArgumentException if the name is taken
   */
  default TaskQueue register(String name, TaskHandler handler) {
    return register(name, handler, TaskOptions.defaults());
  }

  /**
   * Makes a task known under a name.
   *
   * @param name the task's name, not blank
   * @param handler does the work; called by several threads at a time
   * @param options attempts, retry and results; also used by {@link #call} for this name
   * @return this
   * @throws IllegalArgumentException if the name is taken
   */
  TaskQueue register(String name, TaskHandler handler, TaskOptions options);

  /**
   * Returns the names that are registered with this handle.
   *
   * @return a snapshot in alphabetical order
   */
  Set<String> registered();

  /**
   * Enqueues a call in its own transaction.
   *
   * @param name the task's name, registered here or elsewhere, not blank
   * @param arguments its arguments
   * @return the job's id
   * @throws io.honker.error.PayloadException if an argument cannot be written or all of them are
   *     too large
   */
  long call(String name, TaskArguments arguments);

  /**
   * Enqueues a call in the given transaction.
   *
   * @param tx the open transaction
   * @param name the task's name, registered here or elsewhere, not blank
   * @param arguments its arguments
   * @return the job's id, gone again if the transaction rolls back
   */
  long call(Transaction tx, String name, TaskArguments arguments);

  /**
   * Waits for the result of a call (rule Q-11).
   *
   * @param jobId the call's job id
   * @param type the type to read the result as
   * @param timeout how long to wait at most
   * @param <R> the type
   * @return the result, or why there is none
   * @throws InterruptedException if interrupted while waiting
   */
  <R> AwaitedResult<R> await(long jobId, Class<R> type, Duration timeout)
      throws InterruptedException;

  /**
   * Prepares a worker that runs the registered tasks. Each task's own options decide about retries
   * and results; {@link WorkerBuilder#retry} has no effect. Tasks that are registered later are run
   * too.
   *
   * @return a builder; {@link WorkerBuilder#start} starts it
   * @throws IllegalStateException if no task is registered
   */
  WorkerBuilder worker();
}
