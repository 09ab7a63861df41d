package io.honker.lab.bench;

import io.honker.Honker;
import io.honker.bridge.Bridge;
import io.honker.brokers.BrokerServer;
import io.honker.codec.Json;
import io.honker.stream.EventStream;
import io.honker.stream.Subscription;
import io.honker.transport.Transport;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Bridges from one database to another over a broker whose writes are on the disk. */
final class BridgeRuns {

  static final String LOG = "bench";

  private static final String TOPIC = "bench";
  private static final int PAGE = 500;
  private static final int WARM_UP = 10_000;
  private static final int LATENCY_WARM_UP = 200;
  private static final long LIMIT_SECONDS = 300;

  private BridgeRuns() {}

  /** Two databases and the bridges between them. */
  private static final class Scene implements AutoCloseable {

    private final BrokerServer server;
    private final Honker source;
    private final Honker target;
    private final Transport transport;
    private final List<Bridge> bridges = new ArrayList<>();

    Scene(Brokers.Kind kind, Path folder) throws Exception {
      server = Brokers.start(kind, folder);
      source = Databases.open(Files.createDirectory(folder.resolve("source")));
      target = Databases.open(Files.createDirectory(folder.resolve("target")));
      transport = Transport.builder(Brokers.uri(kind, server)).open();
    }

    EventStream<Json> published() {
      return source.stream(TOPIC, Json.class);
    }

    EventStream<Json> received() {
      return target.stream(TOPIC, Json.class);
    }

    void bridge() {
      bridges.add(source.bridges().outbound(TOPIC, transport).toLog(LOG).start());
      bridges.add(target.bridges().inbound(transport, LOG).start());
    }

    @Override
    public void close() {
      bridges.forEach(Bridge::close);
      transport.close();
      source.close();
      target.close();
      server.close();
    }
  }

  /** Runs a pair of bridges with nothing to do, in a process of its own. */
  static void idle(Brokers.Kind kind, Path folder, ChildRuns.Idling idling) throws Exception {
    try (Scene scene = new Scene(kind, folder)) {
      scene.bridge();
      publish(scene.published(), WARM_UP);
      await(scene.received(), WARM_UP);
      idling.idle();
    }
  }

  /** Events per second from a full source to a target that has all of them. */
  static Figure rate(Brokers.Kind kind, Path folder, int events) throws Exception {
    try (Scene scene = new Scene(kind, folder)) {
      scene.bridge();
      publish(scene.published(), WARM_UP);
      await(scene.received(), WARM_UP);
      scene.source.bridges().list().forEach(b -> scene.source.bridges().pause(b.name()));
      while (!Brokers.isPaused(scene.source)) {
        LockSupport.parkNanos(1_000_000);
      }
      publish(scene.published(), events);
      long begun = System.nanoTime();
      scene.source.bridges().list().forEach(b -> scene.source.bridges().resume(b.name()));
      await(scene.received(), WARM_UP + events);
      return Figure.rate(events, System.nanoTime() - begun);
    }
  }

  private static void publish(EventStream<Json> stream, int events) {
    List<Json> page = Collections.nCopies(PAGE, Json.of(Databases.Email.JSON));
    for (int i = 0; i < events; i += PAGE) {
      stream.publishAll(page);
    }
  }

  private static void await(EventStream<Json> stream, long last) {
    while (stream.lastOffset() < last) {
      LockSupport.parkNanos(5_000_000); // looking costs time of a core
    }
  }

  /** From the commit of the publisher to that of the target, one event at a time. */
  @SuppressWarnings("try") // the subscription only has to be there
  static Figure latency(Brokers.Kind kind, Path folder, int events) throws Exception {
    try (Scene scene = new Scene(kind, folder)) {
      scene.bridge();
      long[] arrived = new long[LATENCY_WARM_UP + events + 1];
      CountDownLatch[] latches = new CountDownLatch[arrived.length];
      Arrays.setAll(latches, i -> new CountDownLatch(1));
      try (Subscription watching =
          scene
              .received()
              .subscribe(
                  "watch",
                  event -> {
                    arrived[(int) event.offset()] = System.nanoTime();
                    latches[(int) event.offset()].countDown();
                  })
              .start()) {
        List<Long> nanos = new ArrayList<>();
        for (int i = 1; i < arrived.length; i++) {
          LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(5_000_000, 15_000_000));
          scene.published().publish(Json.of(Databases.Email.JSON));
          long committed = System.nanoTime();
          if (!latches[i].await(LIMIT_SECONDS, TimeUnit.SECONDS)) {
            throw new IllegalStateException("event " + i + " did not arrive");
          }
          if (i > LATENCY_WARM_UP) {
            nanos.add(Math.max(0, arrived[i] - committed));
          }
        }
        return Figure.latency(nanos);
      }
    }
  }
}
