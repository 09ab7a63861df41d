package io.honker.runtime.bridge;

import io.honker.bridge.BridgeStatus;
import io.honker.bridge.Bridges;
import io.honker.bridge.ChannelBridgeBuilder;
import io.honker.bridge.InboundBridgeBuilder;
import io.honker.bridge.OutboundBridgeBuilder;
import io.honker.runtime.engine.Engine;
import io.honker.transport.Transport;
import java.util.List;
import java.util.Optional;

/** The bridges of one open database. */
public final class StoreBridges implements Bridges {

  private final Engine engine;

  /** Makes the feature. */
  public StoreBridges(Engine engine) {
    this.engine = engine;
  }

  @Override
  public String origin() {
    return engine.read(
        c -> {
          var origins = engine.store().bridges().origins(c);
          return origins.get(origins.size() - 1).origin();
        });
  }

  @Override
  public OutboundBridgeBuilder outbound(String topic, Transport transport) {
    throw new UnsupportedOperationException();
  }

  @Override
  public InboundBridgeBuilder inbound(Transport transport, String log) {
    throw new UnsupportedOperationException();
  }

  @Override
  public ChannelBridgeBuilder channel(String channel, Transport transport) {
    throw new UnsupportedOperationException();
  }

  @Override
  public List<BridgeStatus> list() {
    throw new UnsupportedOperationException();
  }

  @Override
  public Optional<BridgeStatus> find(String name) {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean pause(String name) {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean resume(String name) {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean rewind(String name) {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean acceptLoss(String name) {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean forget(String name) {
    throw new UnsupportedOperationException();
  }
}
