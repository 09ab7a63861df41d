package io.honker.runtime.bridge;

import io.honker.bridge.BridgeState;
import io.honker.bridge.BridgeStatus;
import io.honker.bridge.Bridges;
import io.honker.bridge.ChannelBridgeBuilder;
import io.honker.bridge.InboundBridgeBuilder;
import io.honker.bridge.OutboundBridgeBuilder;
import io.honker.runtime.channel.Channels;
import io.honker.runtime.engine.Engine;
import io.honker.runtime.store.BridgeRow;
import io.honker.transport.Transport;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** The bridges of one open database. */
public final class StoreBridges implements Bridges {

  private final Engine engine;
  private final Channels channels;
  private final BridgeRegistry registry;
  private final BridgeLedger ledger;

  /** Makes the feature. */
  public StoreBridges(Engine engine, Channels channels) {
    this.engine = engine;
    this.channels = channels;
    this.registry = new BridgeRegistry(engine);
    this.ledger = new BridgeLedger(engine);
  }

  @Override
  public String origin() {
    return engine.read(c -> new Origins(engine.store().bridges().origins(c)).current());
  }

  @Override
  public OutboundBridgeBuilder outbound(String topic, Transport transport) {
    return new OutboundBuilder(engine, registry, transport, topic);
  }

  @Override
  public InboundBridgeBuilder inbound(Transport transport, String log) {
    return new InboundBuilder(engine, registry, transport, log);
  }

  @Override
  public ChannelBridgeBuilder channel(String channel, Transport transport) {
    return new ChannelBuilder(engine, channels, registry, transport, channel);
  }

  @Override
  public List<BridgeStatus> list() {
    return registry.list();
  }

  @Override
  public Optional<BridgeStatus> find(String name) {
    return registry.find(Objects.requireNonNull(name, "name"));
  }

  @Override
  public boolean pause(String name) {
    return change("pause", name, row -> row.paused(true));
  }

  @Override
  public boolean resume(String name) {
    return change("resume", name, row -> row.paused(false));
  }

  @Override
  public boolean rewind(String name) {
    return change("rewind", name, row -> row.requesting(BridgeRequest.REWIND.name()));
  }

  @Override
  public boolean acceptLoss(String name) {
    return change("acceptLoss", name, StoreBridges::acceptingLoss);
  }

  /** Consent given in advance would pass over a loss that nobody knows of yet. */
  private static BridgeRow acceptingLoss(BridgeRow row) {
    if (!row.state().equals(BridgeState.BROKEN.name())) {
      throw new IllegalStateException(
          "bridge \"" + row.name() + "\" is not BROKEN: there is no loss to accept");
    }
    return row.requesting(BridgeRequest.ACCEPT_LOSS.name());
  }

  private boolean change(String call, String name, UnaryOperator<BridgeRow> change) {
    boolean changed = ledger.change(call, Objects.requireNonNull(name, "name"), change);
    engine.signals().signalAll();
    return changed;
  }

  @Override
  public boolean forget(String name) {
    return registry.forget(Objects.requireNonNull(name, "name"));
  }
}
