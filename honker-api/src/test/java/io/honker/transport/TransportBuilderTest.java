package io.honker.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.honker.error.HonkerConfigurationException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TransportBuilderTest {

  private static final String SECRET = "hunter2";

  /** Keeps what it was asked to open, and cannot. */
  private static final class Keeping implements Transport.Provider {

    private Transport.Settings settings;

    @Override
    public String name() {
      return "keeping";
    }

    @Override
    public int spiVersion() {
      return SPI_VERSION;
    }

    @Override
    public boolean accepts(String location) {
      return true;
    }

    @Override
    public Transport open(Transport.Settings asked) {
      settings = asked;
      throw new TransportException("kept", true, null);
    }
  }

  private static Transport.Settings settingsOf(Transport.Builder builder) {
    Keeping provider = new Keeping();
    assertThatThrownBy(() -> builder.provider(provider).open())
        .isInstanceOfSatisfying(
            TransportException.class,
            failure -> {
              assertThat(failure.code()).isEqualTo("HNK-TRANSPORT");
              assertThat(failure.isRetryable()).isTrue();
            });
    return provider.settings;
  }

  @Test
  void open_withDefaults_handsThemOver() {
    Transport.Settings settings = settingsOf(Transport.builder("redis://broker"));

    assertThat(settings.uri()).isEqualTo("redis://broker");
    assertThat(settings.timeout()).isEqualTo(Duration.ofSeconds(10));
    assertThat(settings.options()).isEmpty();
  }

  @Test
  void open_withOptions_handsOverACopy() {
    Transport.Builder builder =
        Transport.builder("nats://broker").timeout(Duration.ofSeconds(2)).option("user", "app");

    Transport.Settings settings = settingsOf(builder);
    builder.option("password", SECRET);

    assertThat(settings.timeout()).isEqualTo(Duration.ofSeconds(2));
    assertThat(settings.options()).isEqualTo(Map.of("user", "app"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "redis://app:hunter2@broker:6379/0",
        "redis://:hunter2@broker",
        "redis://app:a@b/hunter2@broker",
        "redis:app:hunter2@broker",
        "nats://a:hunter2@one,nats://b:hunter2@two",
        "nats://broker?password=hunter2",
        "redis://app:first?hunter2@broker",
      })
  void settings_toString_hidesCredentials(String uri) {
    Transport.Settings settings =
        settingsOf(Transport.builder(uri).option("password", SECRET).option("user", "app"));

    assertThat(settings.toString())
        .doesNotContain(SECRET)
        .contains("options=[password, user]")
        .contains(uri.substring(0, 5));
    assertThat(settings.shownUri()).doesNotContain(SECRET);
  }

  @ParameterizedTest
  @CsvSource({
    "redis://:hunter2@broker, honker-transport-redis",
    "rediss://:hunter2@broker, honker-transport-redis",
    "nats://hunter2@broker, honker-transport-nats",
    "tls://hunter2@broker, honker-transport-nats",
    "amqp://a:hunter2@broker, honker-transport-redis (redis://",
  })
  void open_withNothingInstalled_namesTheArtifactAndNoSecret(String uri, String artifact) {
    assertThatThrownBy(() -> Transport.builder(uri).open())
        .isInstanceOf(HonkerConfigurationException.class)
        .hasMessageContaining("add the artifact io.honker:" + artifact)
        .hasMessageNotContaining(SECRET);
  }

  @Test
  void open_withSeveralProblems_listsAll() {
    assertThatThrownBy(() -> Transport.builder(" ").timeout(Duration.ZERO).open())
        .isInstanceOf(HonkerConfigurationException.class)
        .hasMessageContaining("uri must not be blank")
        .hasMessageContaining("timeout must be at least a millisecond");
    assertThatThrownBy(
            () -> Transport.builder("x:").timeout(Duration.ofSeconds(Long.MAX_VALUE)).open())
        .isInstanceOf(HonkerConfigurationException.class)
        .hasMessageContaining("timeout must be at most a day");
  }
}
