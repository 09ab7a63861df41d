package io.honker.lab.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.honker.Honker;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.SimpleJdbcInsert;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/** Rule T-8 under spring-jdbc. */
class SpringJdbcTest {

  private static final int THREADS = 64;
  private static final int ROUNDS = 50;

  @TempDir Path folder;
  private Honker honker;
  private DataSource dataSource;
  private JdbcTemplate jdbc;
  private TransactionTemplate transaction;

  @BeforeEach
  void open() {
    honker = Honker.open(folder.resolve("app.db").toString());
    use(honker.dataSource());
    jdbc.execute("CREATE TABLE account(id INTEGER PRIMARY KEY, name UNIQUE, balance)");
    jdbc.update("INSERT INTO account(name, balance) VALUES (?, ?)", "sum", 0);
  }

  @AfterEach
  void close() {
    honker.close();
  }

  private void use(DataSource used) {
    dataSource = used;
    jdbc = new JdbcTemplate(used);
    transaction = new TransactionTemplate(new DataSourceTransactionManager(used));
  }

  private void addOne() {
    transaction.executeWithoutResult(
        status -> {
          int balance = balance();
          jdbc.update("UPDATE account SET balance = ? WHERE name = 'sum'", balance + 1);
        });
  }

  private int balance() {
    return Objects.requireNonNull(
        jdbc.queryForObject("SELECT balance FROM account WHERE name = 'sum'", Integer.class));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void readModifyWrite_fromManyThreads_losesNothing(boolean pooled) throws Exception {
    HikariConfig config = new HikariConfig();
    config.setDataSource(honker.dataSource());
    config.setMaximumPoolSize(16);
    try (HikariDataSource pool = new HikariDataSource(config)) {
      use(pooled ? pool : honker.dataSource());
      ExecutorService executor = Executors.newFixedThreadPool(THREADS);
      List<Future<?>> adders = new ArrayList<>();
      for (int t = 0; t < THREADS; t++) {
        adders.add(
            executor.submit(
                () -> {
                  for (int i = 0; i < ROUNDS; i++) {
                    addOne();
                  }
                }));
      }
      for (Future<?> adder : adders) {
        adder.get();
      }
      executor.shutdown();
      assertThat(balance()).isEqualTo(THREADS * ROUNDS);
    }
  }

  @Test
  void rollback_undoesAll() {
    assertThatThrownBy(
            () ->
                transaction.executeWithoutResult(
                    status -> {
                      jdbc.update("UPDATE account SET balance = 5");
                      throw new IllegalStateException("no");
                    }))
        .hasMessage("no");
    assertThat(balance()).isZero();
  }

  @Test
  void requiresNew_insideATransaction_failsAtOnceAndSaysWhy() {
    TransactionTemplate inner =
        new TransactionTemplate(new DataSourceTransactionManager(dataSource));
    inner.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);

    transaction.executeWithoutResult(
        status -> {
          jdbc.update("UPDATE account SET balance = 1");
          assertThatThrownBy(
                  () ->
                      inner.executeWithoutResult(
                          s -> jdbc.update("UPDATE account SET balance = 2")))
              .rootCause()
              .isInstanceOf(io.honker.error.NestedWriteException.class);
          assertThatThrownBy(
                  () ->
                      inner.executeWithoutResult(
                          s -> jdbc.update("UPDATE account SET balance = 2")))
              .hasMessageContaining("REQUIRES_NEW");
        });

    assertThat(balance()).isEqualTo(1);
  }

  @Test
  void nested_rollsBackToItsSavepoint() {
    TransactionTemplate nested =
        new TransactionTemplate(Objects.requireNonNull(transaction.getTransactionManager()));
    nested.setPropagationBehavior(TransactionDefinition.PROPAGATION_NESTED);

    transaction.executeWithoutResult(
        status -> {
          jdbc.update("UPDATE account SET balance = 1");
          nested.executeWithoutResult(
              inner -> {
                jdbc.update("UPDATE account SET balance = 2");
                inner.setRollbackOnly();
              });
          nested.executeWithoutResult(
              inner -> jdbc.update("INSERT INTO account(name, balance) VALUES ('x', 1)"));
        });

    assertThat(balance()).isEqualTo(1);
    assertThat(jdbc.queryForList("SELECT * FROM account")).hasSize(2);
  }

  @Test
  void readOnly_readsWhileAnotherWritesAndRefusesToWrite() {
    TransactionTemplate reading =
        new TransactionTemplate(Objects.requireNonNull(transaction.getTransactionManager()));
    reading.setReadOnly(true);
    honker.inTransaction(
        tx -> {
          tx.execute("UPDATE account SET balance = 7");
          reading.executeWithoutResult(status -> assertThat(balance()).isZero());
        });

    assertThatThrownBy(
            () ->
                reading.executeWithoutResult(
                    status -> jdbc.update("UPDATE account SET balance = 8")))
        .rootCause()
        .isInstanceOf(java.sql.SQLException.class);
    assertThat(balance()).isEqualTo(7);
  }

  @Test
  void simpleInsertAndBatch_work() {
    SimpleJdbcInsert insert =
        new SimpleJdbcInsert(dataSource).withTableName("account").usingGeneratedKeyColumns("id");
    Number key = insert.executeAndReturnKey(java.util.Map.of("name", "tea", "balance", 3));
    int[] counts =
        jdbc.batchUpdate(
            "INSERT INTO account(name, balance) VALUES (?, ?)",
            List.of(new Object[] {"a", 1}, new Object[] {"b", 2}));

    assertThat(key.longValue()).isEqualTo(2);
    assertThat(counts).containsExactly(1, 1);
    assertThat(jdbc.queryForList("SELECT name FROM account WHERE id = ?", String.class, key))
        .containsExactly("tea");
  }
}
