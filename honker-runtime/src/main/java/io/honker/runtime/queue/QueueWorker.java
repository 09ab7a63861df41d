package io.honker.runtime.queue;

import io.honker.observe.HonkerEvent;
import io.honker.queue.DrainReport;
import io.honker.queue.Worker;
import io.honker.runtime.engine.Engine;
import io.honker.runtime.loop.Deadlines;
import io.honker.runtime.loop.LoopThreads;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A worker's life: its threads, its start, its end. */
final class QueueWorker<T> implements Worker {

  /** How long a handler that was interrupted is waited for before its thread is left behind. */
  private static final Duration AFTER_INTERRUPT = Duration.ofSeconds(5);

  private final Engine engine;
  private final WorkerSettings options;
  private final String id;
  private final LeaseKeeper<T> leases;
  private final WorkerWrites<T> writes;
  private final WorkerPump<T> pump;
  private final HandlerCall<T> handler;
  private final List<Thread> threads = new ArrayList<>();
  private final AtomicBoolean draining = new AtomicBoolean();
  private final CompletableFuture<DrainReport> drained = new CompletableFuture<>();

  private QueueWorker(
      Engine engine, QueueContext<T> context, JobRun<T> run, WorkerSettings options) {
    this.engine = engine;
    this.options = options;
    this.id = engine.newWorkerId();
    String name = "honker-" + context.name() + "-" + engine.nextNumber();
    this.leases = new LeaseKeeper<>(engine, context, name + "-lease");
    this.writes = new WorkerWrites<>(engine, context, id, leases);
    this.pump = new WorkerPump<>(engine, context, options, writes, leases);
    this.handler = new HandlerCall<>(engine, run, options);
    Executor executor = options.executor();
    if (executor == null) {
      for (int i = 1; i <= options.concurrency() + 1; i++) {
        threads.add(LoopThreads.daemon(name + "-handler-" + i, this::runJobs));
      }
    } else {
      threads.add(LoopThreads.daemon(name + "-claim", () -> handOver(executor)));
    }
  }

  static <T> Worker start(
      Engine engine, QueueContext<T> context, JobRun<T> run, WorkerSettings options) {
    QueueWorker<T> worker = new QueueWorker<>(engine, context, run, options);
    engine.adopt(worker);
    worker.leases.start();
    worker.threads.forEach(Thread::start);
    return worker;
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public boolean isRunning() {
    return !draining.get();
  }

  // ---- threads

  private void runJobs() {
    forEachJob(job -> pump.complete(call(job)));
  }

  /** Goes on whatever happens: a loop that dies silently is the worst of all failures. */
  private void forEachJob(Consumer<InFlight<T>> action) {
    boolean ended = false;
    while (!ended) {
      try {
        InFlight<T> job = pump.next();
        ended = job == null;
        if (job != null) {
          action.accept(job);
        }
      } catch (RuntimeException | Error e) {
        Duration wait = Duration.ofSeconds(1);
        engine.observe(() -> new HonkerEvent.LoopFailed(Thread.currentThread().getName(), e, wait));
        engine.clock().parkUntil(engine.clock().now().plus(wait));
      }
    }
  }

  private Completion<T> call(InFlight<T> job) {
    Instant timeoutAt = handler.timeoutFromNow();
    leases.wakeNoLaterThan(timeoutAt);
    return handler.call(job, timeoutAt);
  }

  private void handOver(Executor executor) {
    forEachJob(
        job -> {
          try {
            executor.execute(() -> pump.complete(call(job)));
          } catch (RejectedExecutionException e) {
            waitForExecutor(job, e);
          }
        });
  }

  private void waitForExecutor(InFlight<T> job, RejectedExecutionException failure) {
    Duration wait = Duration.ofMillis(100);
    pump.returnUnrun(job);
    engine.observe(
        () -> new HonkerEvent.LoopFailed(Thread.currentThread().getName(), failure, wait));
    engine.clock().parkUntil(engine.clock().now().plus(wait));
  }

  // ---- end

  @Override
  public void close() {
    DrainReport ignored = drain(options.shutdownGrace());
  }

  @Override
  public DrainReport drain(Duration grace) {
    if (grace.isNegative()) {
      throw new IllegalArgumentException("grace must not be negative, but is " + grace);
    }
    if (threads.contains(Thread.currentThread())) {
      throw new IllegalStateException(
          "a handler cannot close its own worker, it would wait for itself; close it from another"
              + " thread");
    }
    if (!draining.compareAndSet(false, true)) {
      return drained.join();
    }
    try {
      DrainReport report = end(grace);
      drained.complete(report);
      return report;
    } catch (RuntimeException e) {
      drained.complete(new DrainReport(pump.finishedInDrain(), 0));
      throw e;
    } finally {
      engine.release(this);
    }
  }

  private DrainReport end(Duration grace) {
    @Nullable RuntimeException failure = null;
    int handedBack = 0;
    try {
      handedBack += writes.handBack(pump.stopClaiming());
      if (!pump.awaitIdle(Deadlines.after(engine.clock().now(), grace))) {
        handedBack += writes.handBack(interruptHandlers());
      }
    } catch (RuntimeException e) {
      failure = e; // the leases will end by themselves; threads must end all the same
    }
    boolean idle = pump.awaitIdle(engine.clock().now().plus(AFTER_INTERRUPT));
    pump.end();
    LoopThreads.join(threads, idle ? AFTER_INTERRUPT : Duration.ofMillis(100));
    try {
      pump.writeRest();
      handedBack += writes.handBack(pump.takeUnbegun());
    } catch (RuntimeException e) {
      if (failure == null) {
        failure = e;
      } else {
        failure.addSuppressed(e);
      }
    }
    leases.end();
    LoopThreads.join(List.of(leases.thread()), AFTER_INTERRUPT);
    if (failure != null) {
      throw failure;
    }
    return new DrainReport(pump.finishedInDrain(), handedBack);
  }

  private List<InFlight<T>> interruptHandlers() {
    List<InFlight<T>> interrupted = new ArrayList<>();
    for (InFlight<T> entry : leases.entries()) {
      if (entry.stop(InFlight.Stop.SHUTDOWN)) {
        interrupted.add(entry);
      }
    }
    return interrupted;
  }
}
