package io.honker.examples;

import io.honker.Honker;
import io.honker.bridge.Bridge;
import io.honker.transport.ReceivedEvent;
import io.honker.transport.Transport;
import io.honker.tx.Transaction;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Two machines with a database each and a NATS server (with JetStream) between them: what a sensor
 * measures is added up on the other machine, each reading exactly once.
 *
 * <p>Give the URI of a NATS server 2.9 or later as argument, or none for the one on this machine.
 * The other machine is started as a process of its own.
 */
public final class BridgeNats {

  /** The log at the broker, and how long it keeps events: nobody needs those of an example. */
  private static final String LOG = "example-readings";

  private static final String RETENTION = "PT1H";
  private static final int READINGS = 100;

  private BridgeNats() {}

  public static void main(String[] args) throws Exception {
    if (args.length == 4 && args[0].equals("center")) {
      receive(args[1], Path.of(args[2]), args[3]);
    } else {
      send(args.length > 0 ? args[0] : "nats://localhost:4222");
      System.out.println("bridge over nats: ok");
    }
  }

  private static Transport connect(String uri) {
    return Transport.builder(uri).option("retention", RETENTION).open();
  }

  private static void send(String uri) throws Exception {
    Path folder = Files.createTempDirectory("honker-bridge");
    String sensor = "sensor-" + UUID.randomUUID();
    try (Honker honker = Honker.open(folder.resolve("sensor.db"));
        Transport broker = connect(uri);
        Bridge bridge =
            honker.bridges().outbound(sensor, broker).toLog(LOG).named("readings").start()) {
      System.out.println("sensor: bridge \"" + bridge.name() + "\" over " + broker.description());
      for (int i = 1; i <= READINGS; i++) {
        honker.stream(sensor, Integer.class).publish("temperature", i); // offline or not
      }
      System.out.println("sensor: published " + READINGS + " readings");
      awaitCenter(uri, folder.resolve("center.db"), sensor);
    }
  }

  /** The other machine: the sum and the record that a reading was received are one commit. */
  private static void receive(String uri, Path file, String sensor) throws Exception {
    CountDownLatch left = new CountDownLatch(READINGS);
    try (Honker honker = Honker.open(file);
        Transport broker = connect(uri)) {
      honker.inTransaction(
          tx -> {
            tx.execute("CREATE TABLE sums(sensor TEXT PRIMARY KEY, total INTEGER NOT NULL)");
            tx.execute("INSERT INTO sums VALUES (?, 0)", sensor);
          });
      try (Bridge bridge =
          honker
              .bridges()
              .inbound(broker, LOG)
              .onlyTopics(sensor)
              .handling((event, tx) -> add(event, tx, left))
              .start()) {
        System.out.println("center: bridge \"" + bridge.name() + "\"");
        if (!left.await(180, TimeUnit.SECONDS)) {
          throw new IllegalStateException("readings are missing: " + bridge.status());
        }
      }
      honker.inTransaction(
          tx ->
              tx.query("SELECT total FROM sums", row -> row.getLong(1))
                  .forEach(total -> System.out.println("center: the sum is " + total)));
    }
  }

  /** A handler's failure undoes what it wrote; the event comes again, before any later one. */
  private static void add(ReceivedEvent event, Transaction tx, CountDownLatch left) {
    int reading = Integer.parseInt(event.event().payload());
    tx.execute(
        "UPDATE sums SET total = total + ? WHERE sensor = ?", reading, event.source().topic());
    tx.afterCommit(left::countDown);
  }

  private static void awaitCenter(String uri, Path file, String sensor) throws Exception {
    Process center =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElse("java"),
                "-cp",
                System.getProperty("java.class.path"),
                BridgeNats.class.getName(),
                "center",
                uri,
                file.toString(),
                sensor)
            .inheritIO()
            .start();
    try {
      if (!center.waitFor(200, TimeUnit.SECONDS) || center.exitValue() != 0) {
        throw new IllegalStateException("the other machine failed; see above");
      }
    } finally {
      center.destroy();
    }
  }
}
