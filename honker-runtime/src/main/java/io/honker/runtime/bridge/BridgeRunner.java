package io.honker.runtime.bridge;

import io.honker.bridge.Bridge;
import io.honker.bridge.BridgeState;
import io.honker.bridge.BridgeStatus;
import io.honker.observe.HonkerEvent;
import io.honker.runtime.engine.Engine;
import io.honker.runtime.engine.Failures;
import io.honker.runtime.engine.Leadership;
import io.honker.runtime.loop.Backoff;
import io.honker.runtime.loop.CommitSubscription;
import io.honker.runtime.loop.LoopThreads;
import io.honker.runtime.loop.WakeKey;
import io.honker.runtime.store.BridgeRow;
import io.honker.runtime.store.StoreConnection;
import io.honker.runtime.store.WriteOperation;
import io.honker.transport.TransportException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs a bridge on its thread: competes for the lease, obeys what is on record, and lets the work
 * take its steps. What fails is tried again for ever, with longer waits; what contradicts itself
 * waits for a request.
 */
final class BridgeRunner implements Bridge {

  private static final Duration LEASE = Duration.ofSeconds(15);
  private static final Duration PATIENCE = Duration.ofSeconds(1);
  private static final Duration JOIN = Duration.ofSeconds(15);

  private final Engine engine;
  private final String name;
  private final BridgeLedger ledger;
  private final Leadership leadership;
  private final BridgeWork work;
  private final BridgeWrite registration;
  private final Supplier<BridgeStatus> status;
  private final Runnable ended;
  private final CommitSubscription commits;
  private final Backoff backoff = new Backoff();
  private final Thread thread;
  private final AtomicBoolean closing = new AtomicBoolean();
  private final CompletableFuture<@Nullable Void> closed = new CompletableFuture<>();
  private volatile boolean end;
  private volatile BridgeRow row;
  private boolean begun; // of the thread only

  /**
   * Makes a runner.
   *
   * @param row the bridge as it was registered
   * @param registration registers it again if it was forgotten while nobody ran it
   * @param wakesOn what the work is woken by, besides what concerns all
   * @param work makes the work, which acts while it has the leadership
   * @param ended told when the bridge was closed
   */
  BridgeRunner(
      Engine engine,
      BridgeRow row,
      BridgeWrite registration,
      WakeKey wakesOn,
      Function<Leadership, BridgeWork> work,
      Supplier<BridgeStatus> status,
      Runnable ended) {
    this.engine = engine;
    this.name = row.name();
    this.row = row;
    this.ledger = new BridgeLedger(engine);
    this.leadership =
        new Leadership(engine, lockOf(name), engine.newWorkerId(), LEASE, holds -> {});
    this.work = work.apply(leadership);
    this.registration = registration;
    this.status = status;
    this.ended = ended;
    this.commits = engine.signals().subscribe(wakesOn);
    this.thread = LoopThreads.daemon("honker-bridge-" + name, this::run);
  }

  /** The lock whose holder runs a bridge. */
  static String lockOf(String bridge) {
    return "honkerj-bridge:" + bridge;
  }

  void start() {
    engine.adopt(this);
    thread.start();
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public boolean isActive() {
    return leadership.isHeldAt(engine.clock().now());
  }

  @Override
  public BridgeStatus status() {
    return status.get();
  }

  // ---- the thread

  private void run() {
    while (!end) {
      try {
        boolean ignored = Thread.interrupted(); // meant for a call that is over
        commits.take(); // what was committed before the look is seen by it
        Instant wakeAt = turn();
        commits.await(wakeAt, () -> end);
      } catch (BrokenBridgeException e) {
        breakDown(e);
      } catch (RuntimeException | Error e) {
        backOff(e);
      }
    }
    restAtLast();
  }

  /** What could not be saved any more is found out again at the next start. */
  private void restAtLast() {
    try {
      rest();
    } catch (RuntimeException | Error e) {
      engine.observe(() -> new HonkerEvent.LoopFailed(thread.getName(), e, Duration.ZERO));
    }
  }

  /** Does what there is to do now. Returns when to look again. */
  private Instant turn() {
    Instant now = engine.clock().now();
    row = look(now);
    if (!leadership.isHeld()) {
      rest(); // another process may have gone on since, even if the lease is free again
    }
    takeOrRenew(now);
    if (!leadership.isHeld()) {
      rest();
      return leadership.nextAt();
    }
    if (row.paused()) {
      rest();
      work.paused();
      return leadership.nextAt();
    }
    if (row.request() != null) {
      rest();
      work.rewind(row.request().equals(BridgeRequest.ACCEPT_LOSS.name()));
      return now; // look at what is on record now
    }
    if (row.state().equals(BridgeState.BROKEN.name())) {
      rest();
      return leadership.nextAt();
    }
    return step(now);
  }

  private Instant step(Instant now) {
    if (!begun) {
      work.begin(row);
      begun = true;
    }
    Instant next = work.turn(now);
    ledger.tell(row, BridgeState.RUNNING, null, leadership);
    backoff.reset();
    return next.isBefore(leadership.nextAt()) ? next : leadership.nextAt();
  }

  /** Looks at the lock and at the row, in one snapshot; keeps the row it has if it was deleted. */
  private BridgeRow look(Instant now) {
    BridgeRow known = row;
    return engine.read(
        c -> {
          leadership.look(c, now);
          return engine.store().bridges().find(c, name).orElse(known);
        });
  }

  private void takeOrRenew(Instant now) {
    if (leadership.wantsWriter(now)) {
      boolean success =
          engine.writeAlone(
              "start", WriteOperation.<Boolean>statements(c -> takeOrRenewIn(c, now)));
      leadership.settle(success, now);
    }
  }

  private boolean takeOrRenewIn(StoreConnection c, Instant now) throws SQLException {
    boolean success = leadership.takeOrRenew(c, now);
    if (success) {
      registration.in(c);
    }
    return success;
  }

  private void rest() {
    if (begun) {
      begun = false;
      work.end();
    }
  }

  private void breakDown(BrokenBridgeException e) {
    try {
      ledger.breakDown(row, e, leadership);
    } catch (RuntimeException storeFailure) {
      backOff(storeFailure); // the next turn finds out again
    }
  }

  private void backOff(Throwable failure) {
    if (end || engine.isClosed()) {
      end = true;
      return;
    }
    Duration wait = withJitter(backoff.next());
    if (!(failure instanceof TransportException)) {
      engine.observe(() -> new HonkerEvent.LoopFailed(thread.getName(), failure, wait));
    }
    try {
      ledger.tell(row, BridgeState.RETRYING, wording(failure), leadership);
    } catch (RuntimeException e) {
      failure.addSuppressed(e); // the next turn tells, or fails itself
    }
    commits.awaitIgnoringSignals(engine.clock().now().plus(wait), () -> end);
  }

  private static @Nullable String wording(Throwable failure) {
    return failure instanceof TransportException
        ? failure.getMessage()
        : Failures.describe(failure);
  }

  /** Many bridges whose broker comes back do not all knock at the same moment. */
  private static Duration withJitter(Duration wait) {
    double share = ThreadLocalRandom.current().nextDouble(0.5, 1);
    return Duration.ofNanos((long) (wait.toNanos() * share));
  }

  // ---- the end

  @Override
  public void close() {
    if (!closing.compareAndSet(false, true)) {
      closed.join();
      return;
    }
    try {
      end = true;
      commits.unpark();
      work.interrupt();
      if (!LoopThreads.join(List.of(thread), PATIENCE)) {
        thread.interrupt();
        boolean ignored = LoopThreads.join(List.of(thread), JOIN); // it writes nothing any more
      }
      release();
    } finally {
      commits.close();
      engine.release(this);
      ended.run();
      closed.complete(null);
    }
  }

  /** Lets a standby, here or elsewhere, take over at once. */
  private void release() {
    boolean interrupted = Thread.interrupted(); // or the writer could not be waited for
    try {
      engine.writeAlone("close", WriteOperation.<Boolean>statement(leadership::release));
    } finally {
      leadership.lost();
      engine.signals().signalAll();
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
