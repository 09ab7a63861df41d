package io.honker.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SourceTest {

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "a b", "a*", "a>", "ä", "a\r\nb", "a{b}"})
  void source_withOddOrigin_isRefused(String origin) {
    assertThatThrownBy(() -> new Source(origin, "orders"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("origin");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a.b.>", "Größe 😀", "\r\n\0", "{x}"})
  void source_withAnyTopic_isFine(String topic) {
    assertThat(new Source("a-1_B.2", topic).topic()).isEqualTo(topic);
  }

  @Test
  @SuppressWarnings("NullAway") // what a caller without such a checker may do
  void source_withNull_namesWhatIsMissing() {
    assertThatThrownBy(() -> new Source(null, "orders"))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("origin");
  }

  @Test
  void source_withTopicThatUtf8CannotHold_isRefused() {
    assertThatThrownBy(() -> new Source("a", "\ud83d"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void source_withLongTopic_isRefusedBeyondTheLimit() {
    assertThatCode(() -> new Source("a", "ä".repeat(500))).doesNotThrowAnyException();
    assertThatThrownBy(() -> new Source("a", "ä".repeat(501)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("1002");
  }

  private static RemoteEvent event(long offset, long previous) {
    return new RemoteEvent(offset, previous, "secret-key", "{\"secret\":1}", Instant.EPOCH);
  }

  @Test
  void event_withOffsetsThatDoNotAscend_isRefused() {
    assertThatThrownBy(() -> event(3, 3)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> event(3, 4)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> event(3, -1)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void event_toString_showsNoContent() {
    assertThat(event(3, 1).toString()).contains("3").doesNotContain("secret");
  }

  @Test
  void requireChain_wantsEachEventBehindTheOneBeforeIt() {
    assertThatCode(() -> RemoteEvent.requireChain(List.of(event(3, 1), event(4, 3))))
        .doesNotThrowAnyException();
    assertThatThrownBy(() -> RemoteEvent.requireChain(List.of(event(3, 1), event(5, 4))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("event 5 follows 4, but 3 stands before it");
    assertThatThrownBy(() -> RemoteEvent.requireChain(List.of()))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
