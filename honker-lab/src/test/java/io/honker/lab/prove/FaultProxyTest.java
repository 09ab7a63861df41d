package io.honker.lab.prove;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.honker.lab.prove.FaultProxy.Fault;
import io.honker.lab.prove.FaultProxy.Planned;
import io.honker.lab.prove.FaultProxy.Way;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The broker is a bare socket here, so that each byte can be seen at both ends. */
@Timeout(60)
class FaultProxyTest {

  private static final byte[] BYTES = bytes(100);
  private static final Duration LIMIT = Duration.ofSeconds(30);

  private ServerSocket brokers;
  private FaultProxy proxy;

  @BeforeEach
  void begin() throws IOException {
    brokers = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    proxy = new FaultProxy(brokers.getLocalPort());
  }

  @AfterEach
  void end() throws IOException {
    proxy.close();
    brokers.close();
  }

  private static byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    for (int i = 0; i < count; i++) {
      bytes[i] = (byte) (i * 7 + 1);
    }
    return bytes;
  }

  /** A connection through the proxy, seen at both ends. */
  private final class Pair implements AutoCloseable {

    private final Socket client;
    private final Socket broker;

    Pair() throws IOException {
      client = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
      broker = brokers.accept();
    }

    Socket from(Way way) {
      return way == Way.TO_BROKER ? client : broker;
    }

    Socket to(Way way) {
      return way == Way.TO_BROKER ? broker : client;
    }

    void send(Way way, byte[] bytes) throws IOException {
      from(way).getOutputStream().write(bytes);
    }

    byte[] receive(Way way, int count) throws IOException {
      return to(way).getInputStream().readNBytes(count);
    }

    /** Whatever still comes before the end, however it ends. */
    byte[] rest(Way way) throws IOException {
      byte[] rest = new byte[1000];
      int size = 0;
      try {
        for (int next = to(way).getInputStream().read();
            next >= 0;
            next = to(way).getInputStream().read()) {
          rest[size] = (byte) next;
          size++;
        }
      } catch (SocketException e) {
        // a reset is an end, too
      }
      return Arrays.copyOf(rest, size);
    }

    @Override
    public void close() throws IOException {
      client.close();
      broker.close();
    }
  }

  private static Way back(Way way) {
    return way == Way.TO_BROKER ? Way.FROM_BROKER : Way.TO_BROKER;
  }

  private static byte[] first(int count) {
    return Arrays.copyOf(BYTES, count);
  }

  @ParameterizedTest
  @EnumSource
  void forward_withoutFault_isComplete(Way way) throws Exception {
    try (Pair pair = new Pair()) {
      pair.send(way, BYTES);
      assertThat(pair.receive(way, BYTES.length)).isEqualTo(BYTES);
      assertThat(proxy.forwarded(way)).isEqualTo(BYTES.length);
      assertThat(proxy.forwarded(back(way))).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource
  void cut_afterBytes_letsThroughExactlyThese(Way way) throws Exception {
    for (int count : new int[] {0, 1, 37, 99, 100}) {
      try (Pair pair = new Pair()) {
        Planned planned = proxy.plan(Fault.CUT, way, count);
        pair.send(way, BYTES);
        assertThat(pair.rest(way)).isEqualTo(first(count));
        assertThat(pair.rest(back(way))).isEmpty();
        assertThat(planned.awaitStruck(LIMIT)).isTrue();
      }
    }
  }

  @Test
  void cut_afterMoreBytesThanSent_waitsForThem() throws Exception {
    try (Pair pair = new Pair()) {
      Planned planned = proxy.plan(Fault.CUT, Way.TO_BROKER, 150);
      pair.send(Way.TO_BROKER, BYTES);
      assertThat(pair.receive(Way.TO_BROKER, 100)).isEqualTo(BYTES);
      assertThat(planned.hasStruck()).isFalse();
      pair.send(Way.TO_BROKER, BYTES);
      assertThat(pair.rest(Way.TO_BROKER)).isEqualTo(first(50));
      assertThat(planned.awaitStruck(LIMIT)).isTrue();
    }
  }

  @Test
  void cut_countsOverConnections_andEndsAll() throws Exception {
    try (Pair one = new Pair();
        Pair other = new Pair()) {
      proxy.plan(Fault.CUT, Way.TO_BROKER, 110);
      one.send(Way.TO_BROKER, BYTES);
      one.receive(Way.TO_BROKER, 100);
      other.send(Way.TO_BROKER, BYTES);
      assertThat(other.rest(Way.TO_BROKER)).isEqualTo(first(10));
      assertThat(one.rest(Way.TO_BROKER)).isEmpty();
      assertThat(one.rest(Way.FROM_BROKER)).isEmpty();
    }
    try (Pair next = new Pair()) {
      next.send(Way.TO_BROKER, BYTES);
      assertThat(next.receive(Way.TO_BROKER, 100)).isEqualTo(BYTES);
    }
  }

  @ParameterizedTest
  @EnumSource
  void cutOneWay_afterBytes_leavesTheOther(Way way) throws Exception {
    try (Pair pair = new Pair()) {
      proxy.plan(Fault.CUT_ONE_WAY, way, 37);
      pair.send(way, BYTES);
      assertThat(pair.rest(way)).isEqualTo(first(37));
      pair.send(back(way), BYTES);
      assertThat(pair.receive(back(way), 100)).isEqualTo(BYTES);
    }
  }

  @ParameterizedTest
  @EnumSource
  void stall_afterBytes_holdsTheRestUntilHealed(Way way) throws Exception {
    try (Pair pair = new Pair()) {
      Planned planned = proxy.plan(Fault.STALL, way, 37);
      pair.send(way, BYTES);
      assertThat(pair.receive(way, 37)).isEqualTo(first(37));
      assertThat(planned.awaitStruck(LIMIT)).isTrue();
      pair.send(back(way), BYTES);
      await().until(() -> proxy.isHolding(way) && proxy.isHolding(back(way)));
      assertThat(proxy.forwarded(way)).isEqualTo(37);
      assertThat(proxy.forwarded(back(way))).isZero();
      proxy.heal();
      assertThat(pair.receive(way, 63)).isEqualTo(Arrays.copyOfRange(BYTES, 37, 100));
      assertThat(pair.receive(back(way), 100)).isEqualTo(BYTES);
    }
  }

  @Test
  void stall_newConnection_isHeldUpToo() throws Exception {
    try (Pair old = new Pair()) {
      Planned planned = proxy.plan(Fault.STALL, Way.TO_BROKER, 100);
      old.send(Way.TO_BROKER, BYTES);
      assertThat(planned.awaitStruck(LIMIT)).isTrue();
      try (Pair late = new Pair()) {
        late.send(Way.TO_BROKER, BYTES);
        await().until(() -> proxy.isHolding(Way.TO_BROKER));
        assertThat(proxy.forwarded(Way.TO_BROKER)).isEqualTo(100);
        proxy.heal();
        assertThat(late.receive(Way.TO_BROKER, 100)).isEqualTo(BYTES);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void halfOpen_afterBytes_losesTheRestOfOneWay(Way way) throws Exception {
    try (Pair pair = new Pair()) {
      proxy.plan(Fault.HALF_OPEN, way, 37);
      pair.send(way, BYTES);
      assertThat(pair.receive(way, 37)).isEqualTo(first(37));
      await().until(() -> proxy.lost(way) == 63);
      pair.send(back(way), BYTES);
      assertThat(pair.receive(back(way), 100)).isEqualTo(BYTES);
      try (Pair late = new Pair()) {
        late.send(way, BYTES);
        await().until(() -> proxy.lost(way) == 163);
      }
      proxy.heal();
      assertThat(pair.rest(way)).as("what lost bytes cannot go on").isEmpty();
    }
  }

  @Test
  void refuse_connections_untilHealed() throws Exception {
    try (Pair pair = new Pair()) {
      proxy.refuse();
      assertThat(pair.rest(Way.TO_BROKER)).isEmpty();
      assertThatThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), proxy.port()))
          .isInstanceOf(IOException.class);
      proxy.heal();
    }
    try (Pair next = new Pair()) {
      next.send(Way.TO_BROKER, BYTES);
      assertThat(next.receive(Way.TO_BROKER, 100)).isEqualTo(BYTES);
    }
  }

  @Test
  void heal_beforeTheByte_forgetsTheFault() throws Exception {
    try (Pair pair = new Pair()) {
      Planned planned = proxy.plan(Fault.CUT, Way.TO_BROKER, 50);
      proxy.heal();
      pair.send(Way.TO_BROKER, BYTES);
      assertThat(pair.receive(Way.TO_BROKER, 100)).isEqualTo(BYTES);
      assertThat(planned.awaitStruck(Duration.ZERO)).isFalse();
      assertThat(planned.left()).isEqualTo(50);
    }
  }

  @Test
  void connect_withoutBroker_ends() throws Exception {
    brokers.close();
    try (Socket client = new Socket(InetAddress.getLoopbackAddress(), proxy.port())) {
      assertThat(client.getInputStream().read()).isEqualTo(-1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void end_ofOneSide_reachesTheOther(Way way) throws Exception {
    try (Pair pair = new Pair()) {
      pair.send(way, BYTES);
      pair.from(way).close();
      assertThat(pair.rest(way)).isEqualTo(BYTES);
      await().until(() -> proxy.connections() == 0);
    }
  }
}
