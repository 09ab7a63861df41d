package io.honker.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.honker.Honker;
import io.honker.channel.Channel;
import io.honker.channel.Listener;
import io.honker.channel.MissedNotifications;
import io.honker.error.HonkerConfigurationException;
import io.honker.tck.ManualClock;
import io.honker.tck.Rule;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.io.TempDir;

/** Rule S-6: pruning without being asked. */
class NotificationRetentionTest {

  @TempDir private Path folder;
  private final ManualClock clock = new ManualClock();

  private Honker.Builder builder() {
    return Honker.builder(folder.resolve("app.db").toString()).clock(clock);
  }

  private static void send(Honker honker, int count) {
    Channel<Integer> channel = honker.channel("prices", Integer.class);
    for (int i = 0; i < count; i++) {
      channel.notify(i);
    }
  }

  @Rule(id = "S-6")
  void notify_withRetention_prunesOldOnesAlongTheWay() throws InterruptedException {
    try (Honker honker = builder().notificationRetention(Duration.ofHours(1)).open();
        Listener<Integer> listener = honker.channel("prices", Integer.class).listen()) {
      send(honker, 600);
      clock.advance(Duration.ofHours(1));
      send(honker, 399);
      assertThat(honker.notifications().count()).isEqualTo(999);
      clock.advance(Duration.ofSeconds(1));
      send(honker, 2);

      assertThat(honker.notifications().count()).isEqualTo(401);
      assertThat(listener.next(Duration.ZERO)).isPresent();
      assertThat(listener.missed()).extracting(MissedNotifications::atMost).containsExactly(600L);
    }
  }

  @Rule(id = "S-6")
  void notifyInTransaction_withRetention_prunesToo_andNotIfItRollsBack() {
    try (Honker honker = builder().open()) {
      send(honker, 10);
    }
    clock.advance(Duration.ofHours(2));
    try (Honker honker = builder().notificationRetention(Duration.ofHours(1)).open()) {
      Channel<Integer> channel = honker.channel("prices", Integer.class);
      honker.inTransaction(tx -> channel.notify(tx, 1));

      assertThat(honker.notifications().count()).isEqualTo(1);
    }
  }

  @Rule(id = "S-6")
  void notify_withoutRetention_neverPrunes() {
    try (Honker honker = builder().open()) {
      send(honker, 10);
      clock.advance(Duration.ofDays(1000));
      send(honker, 1000);

      assertThat(honker.notifications().count()).isEqualTo(1010);
    }
  }

  @Rule(id = "S-6")
  void notificationRetention_mustBePositive_andTheSameForAllHandles() {
    assertThatThrownBy(() -> builder().notificationRetention(Duration.ZERO).open())
        .isInstanceOf(HonkerConfigurationException.class)
        .hasMessageContaining("notificationRetention");
    try (Honker honker = builder().open()) {
      assertThat(honker.notifications().count()).isZero();
      assertThatThrownBy(() -> builder().notificationRetention(Duration.ofDays(1)).open())
          .isInstanceOf(HonkerConfigurationException.class)
          .hasMessageContaining("notificationRetention");
    }
  }
}
