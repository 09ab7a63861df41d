package io.honker.runtime.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class NamesTest {

  @Test
  void notBlank_passesOtherNamesOn() {
    assertThat(Names.notBlank("queue", " a ")).isEqualTo(" a ");
  }

  @Test
  void notBlank_ofBlankName_saysWhose() {
    assertThatThrownBy(() -> Names.notBlank("rate limiter", "\t "))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a rate limiter's name must not be blank");
  }
}
