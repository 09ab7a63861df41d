package io.honker.lab.h2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.honker.Honker;
import io.honker.error.HonkerConfigurationException;
import io.honker.queue.Job;
import io.honker.queue.JobQueue;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Both stores are installed here: the location alone says which one an application runs on. */
class SwapTest {

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({"jdbc:h2:,h2", "jdbc:sqlite:,sqlite", "'',sqlite"})
  void open_withBothStoresInstalled_takesTheOneOfTheLocation(String prefix, String store) {
    try (Honker honker = Honker.open(prefix + folder.resolve("app.db"))) {
      assertThat(honker.info().store()).startsWith(store + " ");
      JobQueue<String> jobs = honker.queue("jobs", String.class);

      honker.inTransaction(tx -> jobs.enqueue(tx, "brew"));

      List<Job<String>> claimed = jobs.claim(2);
      assertThat(claimed).extracting(Job::payload).containsExactly("brew");
      assertThat(claimed.get(0).ack()).isTrue();
    }
  }

  @ParameterizedTest
  @CsvSource({"jdbc:h2:", "jdbc:sqlite:"})
  void reopen_ofEitherStore_findsJobsAndIdentityAgain(String prefix) {
    String location = prefix + folder.resolve("app.db");
    String id;
    try (Honker honker = Honker.open(location)) {
      id = honker.info().databaseId();
      honker.queue("jobs", String.class).enqueue("brew");
    }

    try (Honker honker = Honker.open(location)) {
      assertThat(honker.info().databaseId()).isEqualTo(id);
      assertThat(honker.queue("jobs", String.class).stats().ready()).isEqualTo(1);
    }
  }

  @Test
  void open_ofUnknownScheme_namesBothStores() {
    assertThatThrownBy(() -> Honker.open("jdbc:derby:app"))
        .isInstanceOf(HonkerConfigurationException.class)
        .hasMessageContaining("jdbc:derby:")
        .hasMessageContaining("h2 (io.honker.lab.h2.H2Provider")
        .hasMessageContaining("sqlite (io.honker.sqlite.SqliteProvider")
        .hasMessageContaining("io.honker:honker-sqlite");
  }

  @Test
  void open_withNamedProvider_takesItWhateverTheLocation() {
    assertThatThrownBy(() -> Honker.builder("app.db").provider("h2").open())
        .isInstanceOf(HonkerConfigurationException.class)
        .hasMessageContaining("is not a jdbc:h2: URL");
  }

  @Test
  void open_withOptionOfTheOtherStore_isRefused() {
    assertThatThrownBy(
            () -> Honker.builder("jdbc:h2:mem:options").storeOption("synchronous", "FULL").open())
        .isInstanceOf(HonkerConfigurationException.class)
        .hasMessageContaining("synchronous");
  }
}
