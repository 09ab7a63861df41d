package io.honker.transport.nats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TokensTest {

  @ParameterizedTest
  @CsvSource({"orders_2-B, orders_2-B", "a.b, a=2Eb", "'', =", "=, =3D", "ä>* , =C3=A4=3E=2A"})
  void encode_writesPlainCharactersAsTheyAre(String text, String token) {
    assertThat(Tokens.encode(text)).isEqualTo(token);
    assertThat(Tokens.decode(token)).isEqualTo(text);
  }

  @Test
  void encode_ofAnyText_isOneLegalTokenOfItsOwnAndComesBack() {
    Random random = new Random(7);
    Map<String, String> seen = new HashMap<>();
    for (int i = 0; i < 20_000; i++) {
      StringBuilder text = new StringBuilder();
      for (int length = random.nextInt(6); length > 0; length--) {
        int point = random.nextInt(random.nextBoolean() ? 128 : 0xD800);
        text.appendCodePoint(random.nextInt(20) == 0 ? 0x1F600 : point);
      }
      String token = Tokens.encode(text.toString());
      assertThat(token).matches("[A-Za-z0-9_=-]+");
      assertThat(Tokens.decode(token)).isEqualTo(text.toString());
      assertThat(seen.putIfAbsent(token, text.toString())).isIn(null, text.toString());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a.b", "=4", "=2e", "=41", "a=", "=GG", "=C3", "ä", "=-1"})
  void decode_ofWhatNoTextIsWrittenAs_isRefused(String token) {
    assertThatThrownBy(() -> Tokens.decode(token)).isInstanceOf(IllegalArgumentException.class);
  }
}
