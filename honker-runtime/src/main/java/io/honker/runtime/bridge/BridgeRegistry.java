package io.honker.runtime.bridge;

import io.honker.bridge.Bridge;
import io.honker.bridge.BridgeState;
import io.honker.bridge.BridgeStatus;
import io.honker.error.HonkerConfigurationException;
import io.honker.runtime.engine.Engine;
import io.honker.runtime.engine.Leadership;
import io.honker.runtime.loop.Seconds;
import io.honker.runtime.loop.WakeKey;
import io.honker.runtime.store.BridgeRow;
import io.honker.runtime.store.BridgeStore;
import io.honker.runtime.store.LockStore;
import io.honker.runtime.store.StoreConnection;
import io.honker.runtime.store.WriteOperation;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** What bridges are on record, and which of them this process runs. */
final class BridgeRegistry {

  private static final int LAG_LIMIT = 10_000;

  private final Engine engine;
  private final BridgeStore bridges;
  private final LockStore locks;
  private final Set<String> running = ConcurrentHashMap.newKeySet();

  BridgeRegistry(Engine engine) {
    this.engine = engine;
    this.bridges = engine.store().bridges();
    this.locks = engine.store().locks();
  }

  // ---- starting

  /**
   * Registers a bridge and starts it.
   *
   * @throws HonkerConfigurationException if a bridge of the name has other ends
   * @throws IllegalStateException if this process runs it already
   */
  Bridge start(
      String name,
      BridgeStatus.Kind kind,
      String local,
      String log,
      BridgeWrite firstTime,
      WakeKey wakesOn,
      Function<Leadership, BridgeWork> work) {
    if (!running.add(name)) {
      throw new IllegalStateException("bridge \"" + name + "\" runs in this process already");
    }
    boolean started = false;
    try {
      BridgeRow wanted = fresh(name, kind, local, log);
      BridgeRow row = register(wanted, firstTime);
      BridgeRunner runner =
          new BridgeRunner(
              engine,
              row,
              c -> putOnRecord(c, wanted, firstTime),
              wakesOn,
              work,
              () -> find(name).orElseGet(() -> status(row, false, 0, 0)),
              () -> running.remove(name));
      runner.start();
      started = true;
      return runner;
    } finally {
      if (!started) {
        running.remove(name);
      }
    }
  }

  private BridgeRow fresh(String name, BridgeStatus.Kind kind, String local, String log) {
    long now = Seconds.of(engine.clock().now());
    String state = BridgeState.RUNNING.name();
    return new BridgeRow(name, kind.name(), local, log, state, null, now, false, null, 0);
  }

  private void putOnRecord(StoreConnection c, BridgeRow wanted, BridgeWrite firstTime)
      throws SQLException {
    if (bridges.insert(c, wanted)) {
      firstTime.in(c);
    }
  }

  private BridgeRow register(BridgeRow wanted, BridgeWrite firstTime) {
    BridgeRow found =
        engine.writeAlone(
            "start",
            WriteOperation.<BridgeRow>statements(
                c -> {
                  putOnRecord(c, wanted, firstTime);
                  return bridges.find(c, wanted.name()).orElseThrow();
                }));
    if (!sameEnds(wanted, found)) {
      throw new HonkerConfigurationException(
          List.of(
              "bridge \""
                  + wanted.name()
                  + "\" is on record as "
                  + ends(found)
                  + ", not "
                  + ends(wanted)
                  + "; give this one another name, or forget the other"),
          null);
    }
    return found;
  }

  private static boolean sameEnds(BridgeRow a, BridgeRow b) {
    return a.kind().equals(b.kind()) && a.local().equals(b.local()) && a.log().equals(b.log());
  }

  private static String ends(BridgeRow row) {
    return switch (BridgeStatus.Kind.valueOf(row.kind())) {
      case OUTBOUND -> "outbound from " + row.local() + " to log " + row.log();
      case INBOUND -> "inbound from log " + row.log() + " into " + row.local();
      case CHANNEL -> "channel " + row.local() + " to " + row.log();
    };
  }

  // ---- looking

  List<BridgeStatus> list() {
    return engine.read(
        c -> {
          List<BridgeStatus> all = new ArrayList<>();
          for (BridgeRow row : bridges.list(c)) {
            all.add(status(c, row));
          }
          return all;
        });
  }

  Optional<BridgeStatus> find(String name) {
    return engine.read(
        c -> {
          Optional<BridgeRow> row = bridges.find(c, name);
          return row.isEmpty() ? Optional.<BridgeStatus>empty() : Optional.of(status(c, row.get()));
        });
  }

  private BridgeStatus status(StoreConnection c, BridgeRow row) throws SQLException {
    long position = 0;
    long lag = 0;
    if (row.kind().equals(BridgeStatus.Kind.OUTBOUND.name())) {
      String consumer = OutboundSettings.consumer(row.name());
      position = engine.store().streams().savedOffset(c, row.local(), consumer).orElse(0);
      lag = engine.store().streams().countAfter(c, row.local(), position, LAG_LIMIT);
    }
    return status(row, isRun(c, row.name()), position, lag);
  }

  private boolean isRun(StoreConnection c, String name) throws SQLException {
    long now = Seconds.of(engine.clock().now());
    return locks.find(c, BridgeRunner.lockOf(name), now).isPresent();
  }

  private static BridgeStatus status(BridgeRow row, boolean isRun, long position, long lag) {
    BridgeState told = BridgeState.valueOf(row.state());
    BridgeState state;
    if (told == BridgeState.BROKEN) {
      state = told;
    } else if (row.paused()) {
      state = BridgeState.PAUSED;
    } else {
      state = isRun ? told : BridgeState.STOPPED;
    }
    boolean explained = state == BridgeState.BROKEN || state == BridgeState.RETRYING;
    return new BridgeStatus(
        row.name(),
        BridgeStatus.Kind.valueOf(row.kind()),
        row.local(),
        row.log(),
        state,
        explained ? row.detail() : null,
        Seconds.instant(row.since()),
        position,
        lag);
  }

  // ---- forgetting

  boolean forget(String name) {
    boolean runsHere = running.contains(name); // perhaps without its lease yet
    boolean forgotten =
        engine.writeAlone(
            "forget",
            WriteOperation.<Boolean>statements(
                c -> {
                  if (runsHere || isRun(c, name)) {
                    throw new IllegalStateException(
                        "bridge \""
                            + name
                            + "\" is being run; close it first, or wait for the lease of a process that died");
                  }
                  Optional<BridgeRow> row = bridges.find(c, name);
                  if (row.isPresent()) {
                    String consumer = OutboundSettings.consumer(name);
                    engine.store().streams().forget(c, row.get().local(), consumer);
                  }
                  return bridges.delete(c, name);
                }));
    return forgotten;
  }
}
