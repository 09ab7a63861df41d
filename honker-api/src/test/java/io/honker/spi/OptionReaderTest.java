package io.honker.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.honker.error.HonkerConfigurationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OptionReaderTest {

  @TempDir private Path folder;

  @Test
  void read_ofGoodValues_returnsThem() throws IOException {
    Path file = Files.writeString(folder.resolve("ca.pem"), "x");
    OptionReader reader =
        new OptionReader(
            Map.of("user", "app", "idle", "PT2S", "replicas", "3", "caFile", file.toString()));

    assertThat(reader.text("user")).contains("app");
    assertThat(reader.duration("idle", Duration.ofSeconds(1))).contains(Duration.ofSeconds(2));
    assertThat(reader.number("replicas", 1)).contains(3);
    assertThat(reader.file("caFile")).contains(file);
    assertThat(reader.text("password")).isEmpty();
    assertThatCode(reader::throwIfAny).doesNotThrowAnyException();
  }

  @Test
  void read_ofBadValues_listsAllAndShowsNone() {
    OptionReader reader =
        new OptionReader(
            Map.of(
                "idle",
                "hunter2",
                "wait",
                "PT0.1S",
                "retention",
                "P40000D",
                "replicas",
                "0",
                "limit",
                "many",
                "caFile",
                "hunter2\0",
                "pasword",
                "hunter2"));

    reader.text("password");
    reader.duration("idle", Duration.ZERO);
    reader.duration("wait", Duration.ofSeconds(1));
    reader.duration("retention", Duration.ofSeconds(1));
    reader.number("replicas", 1);
    reader.number("limit", 1);
    reader.file("caFile");
    HonkerConfigurationException refusal =
        catchThrowableOfType(HonkerConfigurationException.class, reader::throwIfAny);

    assertThat(refusal.problems())
        .containsExactlyInAnyOrder(
            "option idle must be a duration such as PT30S or P30D",
            "option wait must be at least PT1S",
            "option retention must be at most PT876000H",
            "option replicas must be a whole number of at least 1",
            "option limit must be a whole number of at least 1",
            "option caFile must name a file that can be read",
            "unknown option pasword; known are caFile, idle, limit, password, replicas,"
                + " retention, wait");
    assertThat(refusal).hasMessageNotContaining("hunter2");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a.b", "a b", "a*", "{a}", "a\n", "ä", "a:b"})
  void require_ofOddName_isRefused(String name) {
    assertThatThrownBy(() -> PlainName.require("log", name))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("the name of a log is");
  }

  @Test
  @SuppressWarnings("NullAway") // what a caller without such a checker may do
  void require_ofNull_namesWhatIsMissing() {
    assertThatThrownBy(() -> PlainName.require("log", null))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("log");
  }

  @Test
  void require_ofPlainName_returnsIt() {
    assertThat(PlainName.require("log", "Orders_2-b")).isEqualTo("Orders_2-b");
    assertThat(PlainName.is("a".repeat(100))).isTrue();
    assertThat(PlainName.is("a".repeat(101))).isFalse();
  }
}
