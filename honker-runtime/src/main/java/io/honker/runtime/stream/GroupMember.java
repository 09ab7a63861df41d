package io.honker.runtime.stream;

import io.honker.observe.HonkerEvent;
import io.honker.runtime.engine.Engine;
import io.honker.runtime.loop.Backoff;
import io.honker.runtime.loop.CommitSubscription;
import io.honker.runtime.loop.CommitSubscription.Signal;
import io.honker.runtime.loop.Deadlines;
import io.honker.runtime.loop.IdleThreads;
import io.honker.runtime.loop.LoopEnd;
import io.honker.runtime.loop.LoopThreads;
import io.honker.stream.EventHandler;
import io.honker.stream.Subscription;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A member of a consumer group (rule S-5). One thread reads and saves, some handle, one keeps the
 * lease ({@link GroupKeeper}). The reader ends when the last handler has, the keeper after it.
 */
final class GroupMember<T> implements Subscription {

  private static final Duration TO_LEAVE = Duration.ofSeconds(10);

  private final Engine engine;
  private final SubscriptionSettings settings;
  private final String group;
  private final GroupSlots<T> slots = new GroupSlots<>();
  private final GroupKeeper keeper;
  private final GroupHandlers<T> handlers;
  private final EventPages pages;
  private final CommitSubscription commits;
  private final IdleThreads idle;
  private final LoopEnd handlersEnd;
  private final Thread reader;
  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean attention;
  private volatile boolean mayHaveMore = true;
  private volatile boolean closing;
  private volatile boolean abandoned;
  private volatile @Nullable Throwable failure;

  // of the reader only, but for a look whether it is set
  private volatile Instant saveAt = Instant.MAX;

  private GroupMember(
      Engine engine,
      TopicContext<T> context,
      String group,
      SubscriptionSettings settings,
      EventHandler<T> handler) {
    this.engine = engine;
    this.settings = settings;
    this.group = group;
    this.pages = new EventPages(engine, context.topic());
    this.idle = new IdleThreads(engine.clock());
    this.handlersEnd = new LoopEnd(engine.clock(), settings.concurrency());
    String number = context.topic() + "-" + engine.nextNumber();
    this.commits = engine.signals().subscribe(context.wakeKey());
    GroupLedger ledger = new GroupLedger(engine, context.topic(), group, settings);
    this.keeper =
        new GroupKeeper(
            engine, context.topic(), group, settings, ledger, slots, this::slotsChanged, number);
    this.handlers =
        new GroupHandlers<>(engine, context, group, settings, handler, keeper, this::stop);
    this.reader = LoopThreads.daemon("honker-stream-" + number, this::read);
    threads.add(reader);
    for (int i = 1; i <= settings.concurrency(); i++) {
      threads.add(LoopThreads.daemon("honker-stream-" + number + "-handler-" + i, this::handle));
    }
    threads.add(keeper.thread());
  }

  static <T> Subscription start(
      Engine engine,
      TopicContext<T> context,
      String group,
      SubscriptionSettings settings,
      EventHandler<T> handler) {
    GroupMember<T> member = new GroupMember<>(engine, context, group, settings, handler);
    try {
      member.keeper.join();
    } catch (RuntimeException e) {
      member.commits.close();
      member.keeper.giveUp();
      throw e;
    }
    engine.adopt(member);
    member.threads.forEach(Thread::start);
    return member;
  }

  // ---- reading and saving

  private void read() {
    Backoff backoff = new Backoff();
    try {
      while (!handlersEnd.hasCome() && !abandoned) {
        try {
          readTurn();
          backoff.reset();
        } catch (RuntimeException | Error e) {
          mayHaveMore = true;
          Duration wait = backoff.next();
          tellFailed(e, wait);
          if (engine.isClosed()) {
            closing = true;
          }
          commits.awaitIgnoringSignals(engine.clock().now().plus(wait), () -> closing);
        }
      }
    } finally {
      commits.close();
      keeper.leave();
      engine.release(this);
    }
  }

  /** Does one thing: saves, reads a page, or waits. */
  private void readTurn() {
    attention = false;
    saveIfDue();
    heed(commits.take());
    GroupSlots.Plan plan = closing ? null : slots.nextRead(mayHaveMore);
    if (plan == null && (mayHaveMore || closing)) {
      commits.awaitIgnoringSignals(saveAt, this::hasAttention);
    } else if (plan == null) {
      heed(commits.await(saveAt, this::hasAttention));
    } else {
      readPage(plan);
    }
  }

  private void heed(Signal signal) {
    if (signal != Signal.NONE) {
      mayHaveMore = true;
    }
  }

  private void readPage(GroupSlots.Plan plan) {
    if (plan.forward()) {
      mayHaveMore = false; // before the look: others may set it from now on
    }
    if (slots.accept(plan, pages.after(plan.after()))) {
      idle.wake();
      mayHaveMore = true;
    }
  }

  private boolean hasAttention() {
    return attention || abandoned || handlersEnd.hasCome();
  }

  private void saveIfDue() {
    Instant now = engine.clock().now();
    if (saveAt.equals(Instant.MAX) && slots.hasUnsaved()) {
      saveAt = Deadlines.after(now, settings.saveInterval());
    }
    if (slots.hasReleasable()
        || slots.handledSinceSave() >= settings.saveEvery()
        || !now.isBefore(saveAt)) {
      keeper.save();
      saveAt = Instant.MAX;
      attention = true; // what was done meanwhile is to be saved as well
    }
  }

  private void wakeReader() {
    attention = true;
    commits.unpark();
  }

  private void slotsChanged() {
    mayHaveMore = true;
    wakeReader();
    idle.wake();
  }

  private void tellFailed(Throwable thrown, Duration nextTry) {
    String loop = Thread.currentThread().getName();
    engine.observe(() -> new HonkerEvent.LoopFailed(loop, thrown, nextTry));
  }

  // ---- handling

  private void handle() {
    Backoff backoff = new Backoff();
    EventDecoder<T> decoder = handlers.newDecoder();
    try {
      while (!closing) {
        try {
          handleTurn(decoder);
          backoff.reset();
        } catch (RuntimeException | Error e) {
          Duration wait = backoff.next();
          tellFailed(e, wait);
          if (engine.isClosed()) {
            closing = true;
          }
          idle.await(engine.clock().now().plus(wait), () -> closing);
        }
      }
    } finally {
      handlersEnd.threadEnded();
      wakeReader();
    }
  }

  private void handleTurn(EventDecoder<T> decoder) {
    Instant now = engine.clock().now();
    SlotState<T> slot = slots.take(now);
    if (slot == null) {
      // the lock first: waiting for it may take the very wake-up that closing sends
      idle.await(slots.nextRetry(now), () -> slots.hasRunnable(engine.clock().now()) || closing);
      return;
    }
    boolean done = false;
    boolean more = true;
    try {
      done = handlers.deliver(slot, slots.inHand(slot), decoder, () -> closing);
    } finally {
      more = slots.putBack(slot, done);
      if (!done) {
        idle.wake(); // for the time of its next attempt
      }
    }
    if (more || saveAt.equals(Instant.MAX) || slots.handledSinceSave() >= settings.saveEvery()) {
      wakeReader();
    }
  }

  private void stop(Throwable why) {
    failure = why;
    closing = true;
    idle.wake();
    wakeReader();
  }

  // ---- for others

  @Override
  public String consumer() {
    return group;
  }

  @Override
  public long position() {
    return slots.position();
  }

  @Override
  public boolean isRunning() {
    return !closing;
  }

  @Override
  public Optional<Throwable> failure() {
    return Optional.ofNullable(failure);
  }

  @Override
  public void close() {
    if (threads.contains(Thread.currentThread())) {
      throw new IllegalStateException(
          "a handler cannot close its own subscription, it would wait for itself; close it from"
              + " another thread");
    }
    closing = true;
    idle.wake();
    wakeReader();
    if (!handlersEnd.await(Deadlines.after(engine.clock().now(), settings.shutdownGrace()))) {
      slots.interruptHandlers();
      if (!handlersEnd.await(engine.clock().now().plus(StreamSubscription.AFTER_INTERRUPT))) {
        abandoned = true;
        wakeReader();
      }
    }
    LoopThreads.join(List.of(reader, keeper.thread()), TO_LEAVE);
    LoopThreads.join(threads, abandoned ? Duration.ZERO : TO_LEAVE);
  }
}
