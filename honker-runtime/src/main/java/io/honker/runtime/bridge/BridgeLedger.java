package io.honker.runtime.bridge;

import io.honker.bridge.BridgeState;
import io.honker.observe.HonkerEvent;
import io.honker.runtime.engine.Engine;
import io.honker.runtime.engine.Leadership;
import io.honker.runtime.loop.Seconds;
import io.honker.runtime.store.BridgeRow;
import io.honker.runtime.store.BridgeStore;
import io.honker.runtime.store.SentRow;
import io.honker.runtime.store.StoreConnection;
import io.honker.runtime.store.WriteOperation;
import java.sql.SQLException;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The rows of bridges, changed in one transaction each. */
final class BridgeLedger {

  private final Engine engine;
  private final BridgeStore bridges;

  BridgeLedger(Engine engine) {
    this.engine = engine;
    this.bridges = engine.store().bridges();
  }

  /**
   * Changes a bridge's row; false if there is none.
   *
   * @param call how the caller's method is named, for the message of a nested write
   */
  boolean change(String call, String name, UnaryOperator<BridgeRow> change) {
    return engine.writeAlone(
        call, WriteOperation.<Boolean>statements(c -> changeIn(c, name, change)));
  }

  private boolean changeIn(StoreConnection c, String name, UnaryOperator<BridgeRow> change)
      throws SQLException {
    Optional<BridgeRow> row = bridges.find(c, name);
    return row.isPresent() && bridges.update(c, change.apply(row.get()));
  }

  /**
   * Does what a bridge was asked to do and notes that it is done; nothing if another process has
   * the lease now, which does it or has done it.
   *
   * @param acceptLoss whether it was asked to accept a loss, so that a rewind that was asked for
   *     meanwhile is still to be done
   */
  void repair(
      String name,
      Leadership leadership,
      boolean acceptLoss,
      BridgeWrite repair,
      UnaryOperator<BridgeRow> change) {
    BridgeState running = BridgeState.RUNNING;
    long now = Seconds.of(engine.clock().now());
    String before =
        engine.<@Nullable String>writeAlone(
            "rewind",
            WriteOperation.<@Nullable String>statements(
                c -> {
                  Optional<BridgeRow> row = bridges.find(c, name);
                  if (row.isEmpty() || !leadership.isHeldIn(c)) {
                    return null;
                  }
                  repair.in(c);
                  String left = acceptLoss ? onlyRewind(row.get().request()) : null;
                  BridgeRow repaired =
                      change.apply(row.get()).requesting(left).inState(running.name(), null, now);
                  return bridges.update(c, repaired) ? row.get().state() : null;
                }));
    if (before != null && !before.equals(running.name())) {
      observe(name, running, null);
    }
  }

  private static @Nullable String onlyRewind(@Nullable String request) {
    return BridgeRequest.REWIND.name().equals(request) ? request : null;
  }

  /**
   * Puts on record that a bridge is broken, and that what it was asked to do did not mend that;
   * unless another process has the lease, which knows better.
   */
  void breakDown(BridgeRow known, BrokenBridgeException broken, Leadership leadership) {
    String detail = String.valueOf(broken.getMessage());
    long now = Seconds.of(engine.clock().now());
    boolean told =
        engine.writeAlone(
            "change a bridge",
            WriteOperation.<Boolean>statements(
                c -> {
                  if (!leadership.isHeldIn(c)) {
                    return false;
                  }
                  SentRow gap = broken.gap();
                  if (gap != null) {
                    bridges.putSent(c, known.name(), gap);
                  }
                  return changeIn(
                      c,
                      known.name(),
                      row ->
                          row.withoutRequest(known.request())
                              .inState(BridgeState.BROKEN.name(), detail, now));
                }));
    if (told) {
      observe(known.name(), BridgeState.BROKEN, detail);
    }
  }

  /**
   * Puts a bridge's state on record and tells the observer, unless it is there already. A bridge
   * that is broken stays so until it is asked to go on, and while another process has the lease
   * that one knows better.
   */
  void tell(BridgeRow known, BridgeState state, @Nullable String detail, Leadership leadership) {
    if (known.state().equals(state.name()) && Objects.equals(known.detail(), detail)) {
      return;
    }
    long now = Seconds.of(engine.clock().now());
    boolean same = known.state().equals(state.name());
    long since = same ? known.since() : now;
    boolean told =
        engine.writeAlone(
            "tell",
            WriteOperation.<Boolean>statements(
                c -> {
                  Optional<BridgeRow> row = bridges.find(c, known.name());
                  return row.isPresent()
                      && !waitsForSomebody(row.get())
                      && !leadership.isWithAnotherIn(c)
                      && bridges.update(c, row.get().inState(state.name(), detail, since));
                }));
    if (told) {
      observe(known.name(), state, detail);
    }
  }

  private static boolean waitsForSomebody(BridgeRow row) {
    return row.state().equals(BridgeState.BROKEN.name()) && row.request() == null;
  }

  private void observe(String name, BridgeState state, @Nullable String detail) {
    engine.observe(() -> new HonkerEvent.BridgeStateChanged(name, state.name(), detail));
  }
}
