package io.honker.transport.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.honker.brokers.RedisServer;
import io.honker.tck.NoSurvivingThreads;
import io.honker.tck.Rule;
import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of a link's connections. */
@ExtendWith(NoSurvivingThreads.class)
class RedisLinkTest {

  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  @TempDir private Path folder;

  @Rule(id = "B-6", note = "the client keeps what nobody closes")
  void connectionThatTheServerEnded_isClosedWhenAnotherTakesItsPlace() throws Exception {
    try (RedisServer server = new RedisServer(folder)) {
      server.start();
      RedisSettings settings =
          new RedisSettings(
              RedisURI.create(server.uri("")), "here", TIMEOUT, null, "honker", TIMEOUT, null);
      try (RedisClients clients = new RedisClients(settings);
          RedisLink link = new RedisLink(clients.plain(), settings)) {
        RedisLink.Sent<String> ping = link.send("ping", RedisAsyncCommands::ping);
        assertThat(link.answer(ping, TIMEOUT.toNanos())).isEqualTo("PONG");
        StatefulRedisConnection<String, String> first = ping.by();

        server.kill();
        await().until(() -> !first.isOpen());
        server.start();
        assertThat(link.<String>call("ping", RedisAsyncCommands::ping)).isEqualTo("PONG");

        assertThat(((RedisChannelHandler<?, ?>) first).isClosed()).isTrue();
      }
    }
  }
}
