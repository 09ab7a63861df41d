package io.honker.examples;

import io.honker.Honker;
import io.honker.bridge.Bridge;
import io.honker.stream.EventStream;
import io.honker.stream.Subscription;
import io.honker.transport.Transport;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Two machines with a database each and a Redis between them: an order that commits in the shop's
 * file becomes an event in the warehouse's file.
 *
 * <p>Give the URI of a Redis 7.0 or later as argument, or none for the one on this machine. The
 * warehouse is started as a process of its own.
 */
public final class BridgeRedis {

  /** The log at the broker, and how long it keeps events: nobody needs those of an example. */
  private static final String LOG = "example-orders";

  private static final String RETENTION = "PT1H";

  /** What is told to the warehouse. */
  record Order(String id, String item) {}

  private BridgeRedis() {}

  public static void main(String[] args) throws Exception {
    if (args.length == 4 && args[0].equals("warehouse")) {
      receive(args[1], Path.of(args[2]), args[3]);
    } else {
      send(args.length > 0 ? args[0] : "redis://localhost:6379");
      System.out.println("bridge over redis: ok");
    }
  }

  private static Transport connect(String uri) {
    return Transport.builder(uri).option("retention", RETENTION).open();
  }

  private static void send(String uri) throws Exception {
    Path folder = Files.createTempDirectory("honker-bridge");
    try (Honker honker = Honker.open(folder.resolve("shop.db"))) {
      Order order = new Order(UUID.randomUUID().toString(), "tea");
      EventStream<Order> orders = honker.stream("orders", Order.class);
      honker.inTransaction(
          tx -> {
            tx.execute("CREATE TABLE orders(id TEXT PRIMARY KEY, item TEXT NOT NULL)");
            tx.execute("INSERT INTO orders VALUES (?, ?)", order.id(), order.item());
            orders.publish(tx, order.item(), order); // no broker is needed for that
          });
      System.out.println("shop: ordered " + order.item());

      try (Transport broker = connect(uri);
          Bridge bridge = honker.bridges().outbound("orders", broker).toLog(LOG).start()) {
        System.out.println("shop: bridge \"" + bridge.name() + "\" over " + broker.description());
        awaitWarehouse(uri, folder.resolve("warehouse.db"), order);
      } // the bridge stops before the connection is closed
      honker
          .bridges()
          .list()
          .forEach(bridge -> System.out.println("shop: events that wait: " + bridge.lag()));
    }
  }

  /** The other machine: each event comes into its file once, and wakes its subscribers. */
  private static void receive(String uri, Path file, String awaited) throws Exception {
    CountDownLatch arrived = new CountDownLatch(1);
    try (Honker honker = Honker.open(file);
        Transport broker = connect(uri);
        Bridge bridge = honker.bridges().inbound(broker, LOG).start();
        Subscription picker =
            honker.stream("orders", Order.class)
                .subscribe(
                    "picker",
                    event -> {
                      if (event.payload().id().equals(awaited)) {
                        System.out.println("warehouse: picking " + event.payload().item());
                        arrived.countDown();
                      }
                    })
                .start()) {
      System.out.println("warehouse: bridge \"" + bridge.name() + "\"");
      if (!arrived.await(180, TimeUnit.SECONDS) || !picker.isRunning()) {
        throw new IllegalStateException("no order arrived: " + bridge.status());
      }
    }
  }

  private static void awaitWarehouse(String uri, Path file, Order order) throws Exception {
    Process warehouse =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElse("java"),
                "-cp",
                System.getProperty("java.class.path"),
                BridgeRedis.class.getName(),
                "warehouse",
                uri,
                file.toString(),
                order.id())
            .inheritIO()
            .start();
    try {
      if (!warehouse.waitFor(200, TimeUnit.SECONDS) || warehouse.exitValue() != 0) {
        throw new IllegalStateException("the warehouse failed; see above");
      }
    } finally {
      warehouse.destroy();
    }
  }
}
