package io.honker.examples;

import io.honker.Honker;
import io.honker.channel.Channel;
import io.honker.channel.Listener;
import io.honker.channel.ListenerHandle;
import io.honker.channel.Notification;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Notify and listen: whoever listens when a notification commits gets it; nobody else does. */
public final class NotifyListen {

  private NotifyListen() {}

  public static void main(String[] args) throws Exception {
    Path file = Files.createTempDirectory("honker-notify").resolve("prices.db");
    try (Honker honker = Honker.open(file)) {
      Channel<String> prices = honker.channel("prices", String.class);
      prices.notify("nobody listens yet");

      CountDownLatch shown = new CountDownLatch(2);
      try (ListenerHandle screen =
              prices.listen(
                  n -> {
                    System.out.println("screen: " + n.payload());
                    shown.countDown();
                  });
          Listener<String> printer = prices.listen()) {
        prices.notify("EUR 1.08");
        honker.inTransaction(tx -> prices.notify(tx, "GBP 0.87")); // after the commit, or never
        try {
          honker.inTransaction(
              tx -> {
                prices.notify(tx, "JPY 0.00");
                throw new IllegalStateException("wrong price");
              });
        } catch (IllegalStateException e) {
          System.out.println("rolled back: " + e.getMessage());
        }

        Optional<Notification<String>> next = printer.next(Duration.ofSeconds(60));
        while (next.isPresent()) {
          System.out.println("printer: " + next.get().payload());
          next = printer.next(Duration.ZERO);
        }
        if (!screen.isRunning() || !shown.await(60, TimeUnit.SECONDS)) {
          throw new IllegalStateException("the screen missed a price");
        }
      }
    }
    System.out.println("notify and listen: ok");
  }
}
