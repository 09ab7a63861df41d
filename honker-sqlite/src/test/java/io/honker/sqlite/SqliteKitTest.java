package io.honker.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import io.honker.tck.Capabilities;
import io.honker.tck.Contracts;
import io.honker.tck.StoreFixture;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The reference store runs the whole kit and skips nothing. */
class SqliteKitTest {

  static List<Class<?>> contracts() {
    return Contracts.all();
  }

  @Test
  void fixture_canDoEverything_soThatNothingIsSkipped() throws Exception {
    try (StoreFixture fixture = new SqliteFixture()) {
      assertThat(fixture.capabilities()).isEqualTo(Capabilities.all());
    }
  }

  @ParameterizedTest
  @MethodSource("contracts")
  void contract_isRun(Class<?> contract) throws ClassNotFoundException {
    assertThat(Class.forName("io.honker.sqlite.Sqlite" + contract.getSimpleName() + "Test"))
        .hasSuperclass(contract);
  }
}
