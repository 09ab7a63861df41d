package io.honker.lab.prove;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A TCP proxy on the loopback interface between a client and a broker, which does to the bytes what
 * networks do: one fault at a time, after an exact number of bytes of one way, counted over all
 * connections. Knows nothing of the protocol.
 *
 * <p>Safe for use by multiple threads. Two daemon threads per connection and one that accepts.
 */
final class FaultProxy implements AutoCloseable {

  /** Where bytes go. */
  enum Way {
    TO_BROKER,
    FROM_BROKER
  }

  /** What happens to the connections. */
  enum Fault {
    /** All end, both ways; new ones work. */
    CUT,
    /** This way of all ends: whoever receives sees the end, the other way goes on. */
    CUT_ONE_WAY,
    /** Nothing is forwarded on old and new ones until healed, nothing is lost. */
    STALL,
    /** What goes this way on old and new ones is lost until healed, the other way goes on. */
    HALF_OPEN
  }

  private static final int LOWEST_PORT = 20_000;
  private static final int HIGHEST_PORT = 32_000; // from there systems take ports for clients
  private static final int BUFFER = 16_384;
  private static final int BACKLOG = 50;

  private final int brokerPort;
  private final int port;
  private final Map<Way, Gate> gates = new EnumMap<>(Way.class);
  private final Set<Link> links = ConcurrentHashMap.newKeySet();
  private volatile boolean stalled;
  private volatile @Nullable Way lossy;
  private volatile @Nullable Listener listener;

  FaultProxy(int brokerPort) {
    this.brokerPort = brokerPort;
    for (Way way : Way.values()) {
      gates.put(way, new Gate());
    }
    this.port = bindSomewhere();
  }

  /** Where clients connect to. */
  int port() {
    return port;
  }

  /** Lets clients in. */
  private record Listener(ServerSocket socket, Thread acceptor) {}

  // ---- faults

  /** A fault that waits for its byte. */
  final class Planned {

    private final Fault fault;
    private final Way way;
    private final CountDownLatch struck = new CountDownLatch(1);
    private long left; // guarded by the way's gate

    private Planned(Fault fault, Way way, long left) {
      this.fault = fault;
      this.way = way;
      this.left = left;
    }

    boolean hasStruck() {
      return struck.getCount() == 0;
    }

    boolean awaitStruck(Duration limit) throws InterruptedException {
      return struck.await(limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** How many bytes it still waits for. */
    long left() {
      return gate(way).with(() -> left);
    }
  }

  /**
   * Lets a fault strike right after so many more bytes of one way have been forwarded, with 0 bytes
   * in place of the next one. Replaces what was planned before.
   */
  Planned plan(Fault fault, Way way, long bytes) {
    forget();
    Planned planned = new Planned(fault, way, bytes);
    Gate gate = gate(way);
    gate.with(() -> gate.planned = planned);
    return planned;
  }

  private void forget() {
    gates.values().forEach(gate -> gate.with(() -> gate.planned = null));
  }

  /** Ends all connections now. */
  void cutAll() {
    links.forEach(Link::close);
  }

  /** Refuses connections from now on, and ends those that there are. */
  void refuse() {
    stopListening();
    cutAll();
  }

  /** Ends every fault. Connections that lost bytes end, those that were held up go on. */
  void heal() {
    forget();
    lossy = null;
    stalled = false;
    letFlow(); // whoever saw the fault is done then
    links.stream().filter(link -> link.hasLost).forEach(Link::close);
    if (listener == null) {
      bind(port);
    }
  }

  private void letFlow() {
    for (Gate gate : gates.values()) {
      gate.with(
          () -> {
            gate.flowing.signalAll();
            return true;
          });
    }
  }

  private void strike(Planned planned) {
    switch (planned.fault) {
      case CUT -> cutAll();
      case CUT_ONE_WAY -> links.forEach(link -> link.endWay(planned.way));
      case STALL -> stalled = true;
      case HALF_OPEN -> lossy = planned.way;
    }
    planned.struck.countDown();
  }

  // ---- what can be seen

  /** How many bytes were forwarded. */
  long forwarded(Way way) {
    return gate(way).with(() -> gate(way).forwarded);
  }

  /** How many bytes were lost. */
  long lost(Way way) {
    return gate(way).with(() -> gate(way).lost);
  }

  /** Whether bytes of this way are being held up. */
  boolean isHolding(Way way) {
    return gate(way).with(() -> gate(way).waiting > 0);
  }

  int connections() {
    return links.size();
  }

  // ---- one way of all connections

  private Gate gate(Way way) {
    return Objects.requireNonNull(gates.get(way));
  }

  /** The bytes of one way pass here, one connection at a time, so that they can be counted. */
  private static final class Gate {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition flowing = lock.newCondition();
    private @Nullable Planned planned;
    private long forwarded;
    private long lost;
    private int waiting;

    /** Runs with the lock. */
    @SuppressWarnings("NullAway") // javac 17 does not read annotated bounds from class files
    <T extends @Nullable Object> T with(Supplier<T> action) {
      lock.lock();
      try {
        return action.get();
      } finally {
        lock.unlock();
      }
    }
  }

  private void pass(Link link, Way way, byte[] bytes, int count) throws IOException {
    Gate gate = gate(way);
    gate.lock.lock();
    try {
      int from = 0;
      while (from < count) {
        awaitFlowing(gate, link);
        Planned planned = gate.planned;
        int part = planned == null ? count - from : (int) Math.min(planned.left, count - from);
        if (way == lossy || link.isEnded(way)) {
          gate.lost += count - from;
          link.hasLost = true;
          return;
        }
        link.receiver(way).getOutputStream().write(bytes, from, part);
        gate.forwarded += part;
        from += part;
        if (planned != null) {
          planned.left -= part;
          if (planned.left == 0) {
            gate.planned = null;
            strike(planned);
          }
        }
      }
    } finally {
      gate.lock.unlock();
    }
  }

  private void awaitFlowing(Gate gate, Link link) {
    gate.waiting++;
    try {
      while (stalled && !link.isClosed()) {
        gate.flowing.awaitUninterruptibly();
      }
    } finally {
      gate.waiting--;
    }
  }

  // ---- connections

  private final class Link {

    private final Socket client;
    private final Socket broker;
    private final Set<Way> ended = ConcurrentHashMap.newKeySet();
    private volatile boolean hasLost;

    Link(Socket client) throws IOException {
      this.client = client;
      this.broker = new Socket(InetAddress.getLoopbackAddress(), brokerPort);
      client.setTcpNoDelay(true);
      broker.setTcpNoDelay(true);
    }

    void start() {
      for (Way way : Way.values()) {
        Thread pump = new Thread(() -> pump(way), "proxy-" + port + "-" + way);
        pump.setDaemon(true);
        pump.start();
      }
    }

    private Socket sender(Way way) {
      return way == Way.TO_BROKER ? client : broker;
    }

    Socket receiver(Way way) {
      return way == Way.TO_BROKER ? broker : client;
    }

    private void pump(Way way) {
      byte[] buffer = new byte[BUFFER];
      try {
        for (int n = sender(way).getInputStream().read(buffer);
            n >= 0;
            n = sender(way).getInputStream().read(buffer)) {
          pass(this, way, buffer, n);
        }
      } catch (IOException e) {
        // ended, by them or by us
      } finally {
        close();
      }
    }

    /** Whoever receives sees the end after what was sent before. */
    void endWay(Way way) {
      ended.add(way);
      try {
        receiver(way).shutdownOutput();
      } catch (IOException e) {
        close();
      }
    }

    boolean isEnded(Way way) {
      return ended.contains(way);
    }

    boolean isClosed() {
      return client.isClosed();
    }

    void close() {
      links.remove(this);
      closeQuietly(client);
      closeQuietly(broker);
    }
  }

  private static void closeQuietly(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // it is as good as closed
    }
  }

  private int bindSomewhere() {
    while (true) {
      int candidate = ThreadLocalRandom.current().nextInt(LOWEST_PORT, HIGHEST_PORT);
      try {
        bind(candidate);
        return candidate;
      } catch (UncheckedIOException e) {
        if (!(e.getCause() instanceof BindException)) {
          throw e;
        }
      }
    }
  }

  @SuppressWarnings("AddressSelection") // our own name, which has one address
  private void bind(int wanted) {
    try {
      ServerSocket bound = new ServerSocket();
      try {
        bound.setReuseAddress(true);
        bound.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), wanted), BACKLOG);
      } catch (IOException e) {
        bound.close();
        throw e;
      }
      Thread acceptor = new Thread(() -> accept(bound), "proxy-" + wanted);
      acceptor.setDaemon(true);
      acceptor.start();
      listener = new Listener(bound, acceptor);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void accept(ServerSocket bound) {
    while (!bound.isClosed()) {
      Socket client;
      try {
        client = bound.accept();
      } catch (IOException e) {
        continue; // closed, or a client that went away
      }
      connect(client, bound);
    }
  }

  /** A client of a broker that is down sees its connection end. */
  private void connect(Socket client, ServerSocket bound) {
    try {
      Link link = new Link(client);
      links.add(link);
      link.start();
      if (bound.isClosed()) {
        link.close();
      }
    } catch (IOException e) {
      closeQuietly(client);
    }
  }

  /** The port takes connections until the thread that waits for them has left the closed socket. */
  private void stopListening() {
    Listener current = listener;
    listener = null;
    if (current != null) {
      try {
        current.socket().close();
        current.acceptor().join();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public void close() {
    forget();
    refuse();
    stalled = false;
    letFlow();
  }
}
