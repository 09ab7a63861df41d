package io.honker.transport.nats;

import io.honker.spi.PlainName;
import io.honker.transport.Broadcast;
import io.honker.transport.RemoteLog;
import io.honker.transport.Transport;
import io.honker.transport.TransportCapabilities;
import io.honker.transport.TransportException;
import io.nats.client.api.ServerInfo;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/** A transport to one NATS server or cluster. */
final class NatsTransport implements Transport {

  /** Room for headers: names, three numbers and a key. */
  private static final long HEADER_BYTES = 4_096;

  private final NatsSettings settings;
  private final NatsLink link;
  private final ServerInfo server;
  private final NatsBroadcast broadcast;
  private final Set<NatsReader> readers = ConcurrentHashMap.newKeySet();
  private final ReentrantLock closing = new ReentrantLock();

  private NatsTransport(NatsSettings settings, NatsLink link) {
    this.settings = settings;
    this.link = link;
    this.server = link.connection().getServerInfo();
    this.broadcast = new NatsBroadcast(link, settings);
  }

  static NatsTransport open(NatsSettings settings) {
    NatsLink link = NatsLink.connect(settings);
    NatsTransport transport = new NatsTransport(settings, link);
    if (!transport.server.isSameOrNewerThanVersion("2.9.0")) {
      transport.close();
      throw new TransportException(
          "connecting was refused for "
              + settings.where()
              + ": it is NATS "
              + transport.server.getVersion()
              + "; version 2.9 or later is needed",
          false,
          null);
    }
    return transport;
  }

  @Override
  public String description() {
    return "NATS " + server.getVersion() + " at " + settings.where();
  }

  @Override
  public TransportCapabilities capabilities() {
    return new TransportCapabilities(
        server.isJetStreamAvailable(), true, server.getMaxPayload() - HEADER_BYTES);
  }

  @Override
  public RemoteLog log(String name) {
    PlainName.require("log", name);
    if (!server.isJetStreamAvailable()) {
      throw new UnsupportedOperationException(
          "the server at "
              + settings.where()
              + " keeps no logs: start it with JetStream (nats-server -js)");
    }
    NatsLog log = new NatsLog(name, link, settings, server.getMaxPayload(), this::opened);
    log.create();
    return log;
  }

  private void opened(NatsReader reader) {
    readers.removeIf(NatsReader::isClosed);
    readers.add(reader);
  }

  @Override
  public Broadcast broadcast() {
    return broadcast;
  }

  @Override
  public void close() {
    closing.lock(); // a second caller waits for the first
    try {
      readers.forEach(NatsReader::close);
      link.close();
    } finally {
      closing.unlock();
    }
  }
}
