package io.honker.retry;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RetryPolicyTest {

  private static final Duration FOR_EVER = Duration.ofSeconds(Long.MAX_VALUE);

  @Test
  void delayAfter_growsUpToTheCap() {
    RetryPolicy policy =
        RetryPolicy.exponential(Duration.ofMillis(100)).jitter(0).maxDelay(Duration.ofMillis(350));

    assertThat(policy.delayAfter(1, new Exception(), 0)).contains(Duration.ofMillis(100));
    assertThat(policy.delayAfter(2, new Exception(), 0)).contains(Duration.ofMillis(200));
    assertThat(policy.delayAfter(3, new Exception(), 0)).contains(Duration.ofMillis(350));
  }

  @Test
  void delayAfter_withJitter_isLongerByItsShareAtMost() {
    RetryPolicy policy = RetryPolicy.fixed(Duration.ofSeconds(1)).maxDelay(FOR_EVER).jitter(0.5);

    assertThat(policy.delayAfter(7, new Exception(), 0)).contains(Duration.ofSeconds(1));
    assertThat(policy.delayAfter(7, new Exception(), 0.5)).contains(Duration.ofMillis(1250));
  }

  @Test
  void delayAfter_ofADurationBeyondAllTime_isThatDuration() {
    assertThat(RetryPolicy.fixed(FOR_EVER).delayAfter(1, new Exception(), 0.9)).contains(FOR_EVER);
    assertThat(
            RetryPolicy.exponential(Duration.ofSeconds(1))
                .jitter(0)
                .maxDelay(FOR_EVER)
                .delayAfter(3, new Exception(), 0.9))
        .contains(Duration.ofSeconds(4));
    assertThat(
            RetryPolicy.exponential(Duration.ofDays(1))
                .maxDelay(FOR_EVER)
                .delayAfter(5_000, new Exception(), 0.9))
        .contains(FOR_EVER);
  }
}
