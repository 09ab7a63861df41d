package io.honker.runtime.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.honker.time.SystemClock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;

class DeadlinesTest {

  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00.75Z");

  @Test
  void after_ofOrdinaryWait_isExact() {
    assertThat(Deadlines.after(NOW, Duration.ofMillis(500)))
        .isEqualTo(Instant.parse("2026-01-01T00:00:01.25Z"));
    assertThat(Deadlines.after(NOW, Duration.ZERO)).isEqualTo(NOW);
  }

  @Test
  void after_atTheEndOfAllInstants_isTheLast() {
    Duration left = Duration.between(NOW, Instant.MAX);

    assertThat(Deadlines.after(NOW, left.minusSeconds(1))).isEqualTo(Instant.MAX.minusSeconds(1));
    assertThat(Deadlines.after(NOW, left)).isEqualTo(Instant.MAX);
    assertThat(Deadlines.after(NOW, left.plusNanos(1))).isEqualTo(Instant.MAX);
    assertThat(Deadlines.after(NOW, Duration.ofSeconds(Long.MAX_VALUE))).isEqualTo(Instant.MAX);
    assertThat(Deadlines.after(NOW, ChronoUnit.FOREVER.getDuration())).isEqualTo(Instant.MAX);
    assertThat(Deadlines.after(Instant.MAX, Duration.ofNanos(1))).isEqualTo(Instant.MAX);
  }

  @Test
  void after_ofNegativeWait_hasCome() {
    assertThat(Deadlines.after(NOW, Duration.ofNanos(-1))).isEqualTo(NOW);
    assertThat(Deadlines.after(NOW, Duration.ofSeconds(Long.MIN_VALUE))).isEqualTo(NOW);
  }

  @Test
  void of_negativeWait_isRefusedByItsName() {
    assertThatThrownBy(() -> Deadlines.of(SystemClock.instance(), "wait", Duration.ofNanos(-1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("wait must not be negative, but is PT-0.000000001S");
  }
}
