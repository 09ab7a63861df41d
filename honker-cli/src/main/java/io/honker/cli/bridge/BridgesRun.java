package io.honker.cli.bridge;

import io.honker.Honker;
import io.honker.bridge.Bridge;
import io.honker.bridge.BridgeStatus;
import io.honker.transport.Transport;
import io.honker.transport.TransportException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Connects to the brokers of a configuration and runs its bridges until the thread is interrupted.
 *
 * <p>Confined to one thread.
 */
public final class BridgesRun implements AutoCloseable {

  private static final Duration FIRST_WAIT = Duration.ofSeconds(1);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);
  private static final Duration LOOK = Duration.ofSeconds(1);
  private static final String CARRIED_ELSEWHERE = "another process carries its events";

  private final Honker honker;
  private final boolean keepTrying;
  private final RunListener listener;
  private final List<Connection> connections = new ArrayList<>();
  private final List<Bridge> running = new ArrayList<>();
  private final Map<String, String> told = new HashMap<>();
  private final CountDownLatch never = new CountDownLatch(1);

  /** A broker, and its bridges that do not run yet. */
  private static final class Connection {
    private final BrokerConfig broker;
    private final List<BridgeConfig> waiting;
    private @Nullable Transport transport;

    Connection(BrokerConfig broker, List<BridgeConfig> bridges) {
      this.broker = broker;
      this.waiting = new ArrayList<>(bridges);
    }
  }

  /**
   * Prepares a run.
   *
   * @param config what to run
   * @param honker the database; stays the caller's
   * @param keepTrying whether to wait for brokers that cannot be reached yet
   * @param listener told what happens
   */
  public BridgesRun(BridgesConfig config, Honker honker, boolean keepTrying, RunListener listener) {
    this.honker = honker;
    this.keepTrying = keepTrying;
    this.listener = listener;
    for (BrokerConfig broker : config.brokers()) {
      connections.add(new Connection(broker, config.bridgesOf(broker)));
    }
  }

  /**
   * Runs the bridges.
   *
   * @throws InterruptedException to end; close afterwards
   * @throws TransportException if a broker cannot be reached and shall not be waited for, or
   *     refuses
   */
  public void run() throws InterruptedException {
    Duration wait = FIRST_WAIT;
    while (!startAll(wait)) {
      pause(wait);
      Duration doubled = wait.multipliedBy(2);
      wait = doubled.compareTo(LONGEST_WAIT) < 0 ? doubled : LONGEST_WAIT;
    }
    while (true) {
      pause(LOOK);
    }
  }

  /** Starts what does not run yet, broker by broker; true if nothing is left to be started. */
  private boolean startAll(Duration wait) throws InterruptedException {
    boolean all = true;
    for (Connection connection : connections) {
      try {
        start(connection);
      } catch (TransportException e) {
        if (Thread.interrupted()) {
          throw new InterruptedException("while the broker was waited for");
        }
        if (!keepTrying || !e.isRetryable()) {
          throw e;
        }
        String text = e.getMessage() + "; next try in " + wait.toSeconds() + " s";
        listener.changed("broker", connection.broker.name(), "WAITING", text);
        all = false;
      }
    }
    return all;
  }

  private void start(Connection connection) {
    if (connection.waiting.isEmpty()) {
      return;
    }
    Transport transport = connection.transport;
    if (transport == null) {
      transport = connection.broker.transport().open();
      connection.transport = transport;
      listener.changed("broker", connection.broker.name(), "CONNECTED", transport.description());
    }
    while (!connection.waiting.isEmpty()) {
      BridgeConfig next = connection.waiting.get(0);
      running.add(next.start(honker.bridges(), transport));
      connection.waiting.remove(0);
    }
  }

  /** Waits, and tells meanwhile what has changed. */
  private void pause(Duration wait) throws InterruptedException {
    for (long left = wait.toMillis(); left > 0; left -= LOOK.toMillis()) {
      boolean ended = never.await(Math.min(left, LOOK.toMillis()), TimeUnit.MILLISECONDS);
      assert !ended;
      tellChanges();
    }
  }

  /** What is on record counts: it may have been so before this process began. */
  private void tellChanges() {
    Map<String, BridgeStatus> onRecord = new HashMap<>();
    honker.bridges().list().forEach(status -> onRecord.put(status.name(), status));
    for (Bridge bridge : running) {
      BridgeStatus status = onRecord.get(bridge.name());
      boolean active = bridge.isActive();
      String state = active && status != null ? status.state().name() : "STANDBY";
      String detail = active && status != null ? status.detail() : CARRIED_ELSEWHERE;
      if (!Objects.equals(told.put(bridge.name(), state + detail), state + detail)) {
        listener.changed("bridge", bridge.name(), state, detail);
      }
    }
  }

  /** Ends all bridges at the same time, then the connections. */
  @Override
  public void close() {
    List<Thread> threads = new ArrayList<>();
    for (Bridge bridge : running) {
      Thread thread = new Thread(bridge::close, "honker-close-" + bridge.name());
      thread.start();
      threads.add(thread);
    }
    threads.forEach(BridgesRun::join);
    for (Connection connection : connections) {
      if (connection.transport != null) {
        connection.transport.close();
      }
    }
  }

  /** The signal to end has been given already; another one ends the process. */
  private static void join(Thread thread) {
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
