package io.honker.runtime.queue;

import io.honker.queue.TransactionalJobHandler;
import io.honker.runtime.engine.Engine;
import io.honker.runtime.loop.Seconds;
import io.honker.runtime.store.JobStore;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Runs a handler inside the transaction that acknowledges its job (rule Q-8).
 *
 * <p>The first statement checks that the claim is ours and renews the lease; the last one
 * acknowledges. Both use the second the transaction began in: nobody else can claim while this
 * transaction holds the writer, however long the handler takes.
 */
final class TransactionalRun<T> implements JobRun<T> {

  private final Engine engine;
  private final JobStore jobs;
  private final QueueContext<T> context;
  private final TransactionalJobHandler<T> handler;

  TransactionalRun(Engine engine, QueueContext<T> context, TransactionalJobHandler<T> handler) {
    this.engine = engine;
    this.jobs = engine.store().jobs();
    this.context = context;
    this.handler = handler;
  }

  @Override
  public Success run(ClaimedJob<T> job) throws Exception {
    engine.<@Nullable Void, Exception>inTransaction(
        tx -> {
          Instant begun = engine.clock().now();
          long second = Seconds.of(begun);
          long until = Seconds.after(begun, context.options().visibilityTimeout());
          if (!engine.write(tx, "renewing", c -> jobs.extend(c, job.ref(), until, second))) {
            throw new ClaimLostException();
          }
          handler.handle(job, tx);
          if (!engine.write(tx, "acknowledging", c -> jobs.ack(c, job.ref(), second))) {
            throw new ClaimLostException();
          }
          context.touchEnd(engine.own(tx), job.id());
          return null;
        });
    return JobRun.doneAndAcked();
  }
}
