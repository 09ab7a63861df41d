package io.honker.sqlite.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SqlKindTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      value = {
        "select 1 | QUERY",
        "  /* INSERT */ -- DELETE | OTHER",
        "/* a */ select 1 | QUERY",
        "(select 1) | QUERY",
        "; select 1 | QUERY",
        "values (1) | QUERY",
        "explain query plan delete from t | QUERY",
        "insert into t values (1) | INSERT",
        "REPLACE into t values (1) | INSERT",
        "update t set a = 1 | CHANGE",
        "Delete from t | CHANGE",
        "create table t(a) | OTHER",
        "vacuum | OTHER",
        "with a as (select 1) select * from a | QUERY",
        "with a(x) as (values (1)), b as (delete) select * from a | QUERY",
        "with recursive a as (select 1) insert into t select * from a | INSERT",
        "with \"select\" as (select ')' from b) update t set a = 1 | CHANGE",
        "with a as materialized (select '(') delete from t | CHANGE",
        "savepoint a | SAVEPOINT",
        "release a | SAVEPOINT",
        "rollback to a | SAVEPOINT",
        "rollback transaction to savepoint a | SAVEPOINT",
        "rollback | TRANSACTION",
        "rollback transaction | TRANSACTION",
        "begin immediate | TRANSACTION",
        "commit | TRANSACTION",
        "end | TRANSACTION",
        "attach 'x' as y | SHARED_STATE",
        "pragma user_version | QUERY",
        "pragma user_version = 3 | OTHER",
        "pragma main.table_info(t) | QUERY",
        "pragma table_info = t | QUERY",
        "pragma optimize | OTHER",
        "pragma wal_checkpoint(truncate) | OTHER",
        "pragma defer_foreign_keys = on | OTHER",
        "pragma synchronous; | QUERY",
        "pragma synchronous = off | SHARED_STATE",
        "pragma busy_timeout(5000) | SHARED_STATE",
        "pragma foreign_keys = ON | QUERY",
        "pragma foreign_keys = OFF | SHARED_STATE",
        "pragma journal_mode = wal | QUERY",
        "pragma journal_mode = delete | SHARED_STATE",
        "nonsense | OTHER",
      })
  void of_statement_isItsKind(String sql, SqlKind kind) {
    assertThat(SqlKind.of(sql)).isEqualTo(kind);
  }

  @Test
  void of_textWithLineComment_looksBehindIt() {
    assertThat(SqlKind.of("WITH a AS (SELECT 1 -- ) INSERT\n) VALUES (1)"))
        .isEqualTo(SqlKind.QUERY);
    assertThat(SqlKind.of("-- INSERT\nSELECT 1")).isEqualTo(SqlKind.QUERY);
  }

  @Test
  void of_emptyText_isLeftToSqlite() {
    assertThat(SqlKind.of("")).isEqualTo(SqlKind.OTHER);
    assertThat(SqlKind.of("/* never closed")).isEqualTo(SqlKind.OTHER);
    assertThat(SqlKind.of("'never closed")).isEqualTo(SqlKind.OTHER);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "select honker_enqueue('q', '{}')",
        "select Honker_Lock ( 'a' )",
        "select notify('c', 'p')",
        "select 1 where exists (select NOTIFY /* ( */ ('c', 'p'))",
      })
  void callsWritingFunction_whenOneIsCalled_isTrue(String sql) {
    assertThat(SqlKind.callsWritingFunction(sql)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "select * from _honker_live",
        "select honker_column from t where (1)",
        "select 'honker_enqueue('",
        "select notify, (1) from t",
        "select notifyAll(1)",
        "select 1 -- notify(",
      })
  void callsWritingFunction_whenNoneIsCalled_isFalse(String sql) {
    assertThat(SqlKind.callsWritingFunction(sql)).isFalse();
  }

  @Test
  void statements_ofScript_areSplitAtSemicolonsOutsideQuotesAndTriggers() {
    String trigger =
        "CREATE TRIGGER a AFTER INSERT ON t BEGIN UPDATE t SET b = CASE WHEN 1 THEN 2 END; DELETE"
            + " FROM u; END";

    assertThat(
            SqlKind.statements(
                "-- first\nCREATE TABLE t(a, b); ;"
                    + trigger
                    + ";\nINSERT INTO t VALUES (';', 1);"))
        .containsExactly("CREATE TABLE t(a, b)", trigger, "INSERT INTO t VALUES (';', 1)");
  }

  @Test
  void statements_ofOneStatement_areItself() {
    assertThat(SqlKind.statements("SELECT 1")).isEqualTo(List.of("SELECT 1"));
    assertThat(SqlKind.statements("SELECT 1;")).isEqualTo(List.of("SELECT 1"));
    assertThat(SqlKind.statements("SELECT 1; -- done")).isEqualTo(List.of("SELECT 1"));
    assertThat(SqlKind.statements(";")).isEqualTo(List.of(";"));
  }

  @Test
  void refuseIfNotAllowed_ofTransactionText_namesTheMethods() {
    assertThatThrownBy(SqlKind.TRANSACTION::refuseIfNotAllowed)
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("setAutoCommit(false)");
    assertThatThrownBy(SqlKind.SHARED_STATE::refuseIfNotAllowed).isInstanceOf(SQLException.class);
    assertThatCode(SqlKind.SAVEPOINT::refuseIfNotAllowed).doesNotThrowAnyException();
  }
}
