package io.honker.lab.h2;

import static org.assertj.core.api.Assertions.assertThat;

import io.honker.tck.Contracts;
import io.honker.tck.DataSourceContract;
import io.honker.tck.SchedulerYearContract;
import io.honker.tck.SharedTablesContract;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The second store runs the whole kit, but for contracts of which it can do nothing at all. */
class H2KitTest {

  private static final Set<Class<?>> NOT_FOR_H2 =
      Set.of(DataSourceContract.class, SharedTablesContract.class, SchedulerYearContract.class);

  static Iterable<Class<?>> contracts() {
    return Contracts.all().stream().filter(contract -> !NOT_FOR_H2.contains(contract)).toList();
  }

  @ParameterizedTest
  @MethodSource("contracts")
  void contract_isRun(Class<?> contract) throws ClassNotFoundException {
    assertThat(Class.forName("io.honker.lab.h2.H2" + contract.getSimpleName() + "Test"))
        .hasSuperclass(contract);
  }
}
