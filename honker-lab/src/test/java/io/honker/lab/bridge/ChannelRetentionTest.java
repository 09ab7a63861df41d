package io.honker.lab.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.honker.Honker;
import io.honker.brokers.RedisServer;
import io.honker.channel.Listener;
import io.honker.tck.ManualClock;
import io.honker.tck.Rule;
import io.honker.transport.Transport;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.io.TempDir;

/** What a bridge receives is a notification like others, also for what it takes with it. */
class ChannelRetentionTest {

  private static final int OLD = 90;

  @TempDir private Path folder;

  @Rule(id = "S-6")
  void notification_thatABridgeReceives_prunesOldOnes() throws Exception {
    ManualClock clock = new ManualClock();
    String file = folder.resolve("target.db").toString();
    try (Honker honker = Honker.builder(file).clock(clock).open()) {
      for (int i = 0; i < OLD; i++) {
        honker.channel("other", Integer.class).notify(i);
      }
    }
    clock.advance(Duration.ofHours(2));
    try (RedisServer server = new RedisServer(Files.createDirectory(folder.resolve("broker")));
        Honker source = Honker.builder(folder.resolve("source.db").toString()).open();
        Honker target =
            Honker.builder(file).clock(clock).notificationRetention(Duration.ofHours(1)).open()) {
      server.start();
      try (Transport transport = Transport.builder(server.uri("")).open();
          Listener<String> listener = target.channel("news", String.class).listen()) {
        source.bridges().channel("news", transport).start();
        target.bridges().channel("news", transport).start();
        await() // best effort: the first may be lost
            .until(
                () -> {
                  source.channel("news", String.class).notify("new");
                  return listener.next(Duration.ZERO).isPresent();
                });

        assertThat(target.notifications().count()).isLessThan(OLD);
      }
    }
  }
}
