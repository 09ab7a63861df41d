package io.honker.transport.redis;

import io.honker.spi.PlainName;
import io.honker.transport.Broadcast;
import io.honker.transport.RemoteLog;
import io.honker.transport.Transport;
import io.honker.transport.TransportCapabilities;
import io.honker.transport.TransportException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A transport to one Redis server. */
final class RedisTransport implements Transport {

  private static final Logger LOG = LoggerFactory.getLogger("io.honker.transport.redis");
  private static final int OLDEST_MAJOR = 7;
  private static final long BRIEFLY_MILLIS = 500;

  /** The server's limit for one value (proto-max-bulk-len), which may not be asked for by all. */
  private static final long MAX_EVENT_BYTES = 512L << 20;

  private final RedisSettings settings;
  private final RedisClients clients;
  private final RedisLink link;
  private final RedisBroadcast broadcast;
  private final Set<RedisReader> readers = ConcurrentHashMap.newKeySet();
  private final ReentrantLock closing = new ReentrantLock();
  private String version = "";

  private RedisTransport(RedisSettings settings) {
    this.settings = settings;
    this.clients = new RedisClients(settings);
    this.link = new RedisLink(clients.plain(), settings);
    this.broadcast = new RedisBroadcast(clients.subscribing(), link, settings);
  }

  static RedisTransport open(RedisSettings settings) {
    RedisTransport transport = new RedisTransport(settings);
    try {
      transport.check();
      return transport;
    } catch (RuntimeException e) {
      transport.close();
      throw e;
    }
  }

  /** Connects, and refuses servers that are too old or may forget. */
  private void check() {
    Map<String, String> info = new HashMap<>();
    for (String line : link.call("connecting", redis -> redis.info()).split("\r?\n", -1)) {
      int colon = line.indexOf(':');
      if (colon > 0) {
        info.put(line.substring(0, colon), line.substring(colon + 1));
      }
    }
    version = info.getOrDefault("redis_version", "0");
    String major = version.replaceAll("\\..*", "");
    if (!major.matches("\\d{1,6}") || Integer.parseInt(major) < OLDEST_MAJOR) {
      throw refused("it is Redis " + version + "; version 7.0 or later is needed");
    }
    String eviction = info.getOrDefault("maxmemory_policy", "noeviction");
    if (eviction.startsWith("allkeys") && !"0".equals(info.get("maxmemory"))) {
      throw refused(
          "it may throw logs away when memory runs short (maxmemory-policy is "
              + eviction
              + "); set maxmemory-policy noeviction or a volatile one");
    }
    if ("0".equals(info.get("aof_enabled"))) {
      LOG.warn(
          "{} keeps no append-only file: events that it has confirmed can be lost in a crash; set"
              + " appendonly yes and appendfsync always",
          settings.where());
    }
  }

  private TransportException refused(String reason) {
    return new TransportException(
        "connecting was refused for " + settings.where() + ": " + reason, false, null);
  }

  @Override
  public String description() {
    return "Redis " + version + " at " + settings.where();
  }

  @Override
  public TransportCapabilities capabilities() {
    return new TransportCapabilities(true, true, MAX_EVENT_BYTES);
  }

  @Override
  public RemoteLog log(String name) {
    RedisLog log =
        new RedisLog(PlainName.require("log", name), clients.plain(), settings, link, this::opened);
    log.check();
    return log;
  }

  private void opened(RedisReader reader) {
    readers.removeIf(RedisReader::isClosed);
    readers.add(reader);
  }

  @Override
  public Broadcast broadcast() {
    return broadcast;
  }

  private static void awaitBriefly(List<CompletableFuture<Void>> ending) {
    boolean unused =
        CompletableFuture.allOf(ending.toArray(CompletableFuture<?>[]::new))
            .completeOnTimeout(null, BRIEFLY_MILLIS, TimeUnit.MILLISECONDS)
            .handle((done, failure) -> true)
            .join();
  }

  @Override
  public void close() {
    closing.lock(); // a second caller waits for the first
    try {
      List<CompletableFuture<Void>> ending = new ArrayList<>();
      readers.forEach(reader -> ending.add(reader.closeAsync()));
      ending.add(link.closeAsync());
      broadcast.close();
      awaitBriefly(ending); // the client warns of what it closes a second time
      clients.close();
    } finally {
      closing.unlock();
    }
  }
}
