package io.honker.orm.dialect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.honker.orm.dialect.Shelf.Amount;
import io.honker.orm.dialect.Shelf.Treasure;
import io.honker.tck.Rule;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.hibernate.exception.DataException;
import org.hibernate.query.SelectionQuery;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Rule H-4: decimals are never changed silently, and UUIDs are what they were. */
class SqliteNumberTest {

  @TempDir Path folder;
  private Bench bench;

  @BeforeEach
  void prepare() {
    bench = new Bench(folder, Amount.class, Treasure.class, Shelf.Old.class);
  }

  @Rule(id = "H-4")
  void decimal_withADeclaredScale_comesBackWithIt() throws Exception {
    bench.assertRedOnStock(
        "expected: 12.30",
        factory -> {
          Amount kept = new Amount(1);
          kept.price = new BigDecimal("12.30");
          factory.inTransaction(session -> session.persist(kept));
          assertThat(factory.<Amount>fromSession(s -> s.find(Amount.class, 1L)).price)
              .isEqualTo(kept.price);
        });
  }

  @Rule(id = "H-4")
  void decimals_comeBackEqual() throws Exception {
    bench.assertRightAsStock(
        factory -> {
          long id = 0;
          for (String text :
              List.of(
                  "0",
                  "0.1",
                  "-0.1",
                  "123456789.012345",
                  "-999999999999.99",
                  "1E-10",
                  "1E+15",
                  "0.000000000000001",
                  "123456789012345",
                  "999999999999999999",
                  "1.5E300")) {
            Amount kept = new Amount(++id);
            kept.exact = new BigDecimal(text);
            factory.inTransaction(session -> session.persist(kept));
            long key = id;
            assertThat(factory.<Amount>fromSession(s -> s.find(Amount.class, key)).exact)
                .isEqualByComparingTo(text);
            factory.inTransaction(
                session ->
                    assertThat(
                            session
                                .createSelectionQuery(
                                    "select id from Amount where exact = ?1", Long.class)
                                .setParameter(1, new BigDecimal(text))
                                .list())
                        .containsExactly(key));
          }
        });
  }

  @Rule(id = "H-4")
  void decimal_thatSqliteWouldRound_isRefused() throws Exception {
    bench.assertRedOnStock(
        "Expecting code to raise a throwable",
        factory -> {
          for (String text :
              List.of(
                  "12345678901234567.89",
                  "0.12345678901234567891",
                  "9223372036854775809",
                  "1234567890123456789012")) {
            Amount kept = new Amount(1);
            kept.exact = new BigDecimal(text);
            assertThatThrownBy(() -> factory.inTransaction(session -> session.persist(kept)))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("digits")
                .hasMessageContaining("@JdbcTypeCode(SqlTypes.VARCHAR)");
          }
        });
  }

  @Rule(id = "H-4")
  void decimalMappedToText_keepsEveryDigit() throws Exception {
    bench.assertRightAsStock(
        factory -> {
          long id = 0;
          for (String text :
              List.of("12345678901234567.89", "0.12345678901234567891", "1.10", "-1E+400")) {
            Treasure kept = new Treasure(++id);
            kept.text = new BigDecimal(text);
            factory.inTransaction(session -> session.persist(kept));
            List<BigDecimal> found =
                factory.fromTransaction(
                    session ->
                        session
                            .createSelectionQuery(
                                "select text from Treasure where text = ?1", BigDecimal.class)
                            .setParameter(1, kept.text)
                            .list());
            assertThat(found).containsExactly(kept.text);
          }
        });
  }

  @Rule(id = "H-4")
  void decimalMappedToItsSmallestUnit_sortsAndCompares() throws Exception {
    bench.assertRightAsStock(
        factory -> {
          long id = 0;
          for (String amount : List.of("12345678901234567.89", "9", "10.50", "-3")) {
            Treasure kept = new Treasure(++id);
            kept.cents = new BigDecimal(amount);
            factory.inTransaction(session -> session.persist(kept));
          }
          List<BigDecimal> found =
              factory.fromTransaction(
                  session ->
                      session
                          .createSelectionQuery(
                              "select cents from Treasure where cents > ?1 order by cents",
                              BigDecimal.class)
                          .setParameter(1, new BigDecimal("-2.99"))
                          .list());
          assertThat(found)
              .containsExactly(
                  new BigDecimal("9.00"),
                  new BigDecimal("10.50"),
                  new BigDecimal("12345678901234567.89"));
        });
  }

  @Rule(id = "H-4")
  void decimals_sortCompareAndCountAsNumbers() throws Exception {
    bench.assertRightAsStock(
        factory -> {
          List<BigDecimal> sorted = new ArrayList<>();
          for (String text : List.of("-10.5", "-9", "0.05", "9.99", "10", "10.01", "1000")) {
            sorted.add(new BigDecimal(text));
          }
          factory.inTransaction(
              session -> {
                for (int i = sorted.size(); i > 0; i--) {
                  Amount amount = new Amount(i);
                  amount.exact = sorted.get(i - 1);
                  session.persist(amount);
                }
              });
          factory.inTransaction(
              session -> {
                SelectionQuery<BigDecimal> all =
                    session.createSelectionQuery(
                        "select exact from Amount order by exact", BigDecimal.class);
                assertThat(all.list())
                    .usingElementComparator(BigDecimal::compareTo)
                    .isEqualTo(sorted);
                assertThat(
                        session
                            .createSelectionQuery(
                                "select count(*) from Amount where exact > 9.99", Long.class)
                            .getSingleResult())
                    .isEqualTo(3);
                assertThat(
                        session
                            .createSelectionQuery(
                                "select exact * 2 from Amount where exact = 10", BigDecimal.class)
                            .getSingleResult())
                    .isEqualByComparingTo("20");
              });
        });
  }

  @Rule(id = "H-4")
  void wholeNumbers_comeBack() throws Exception {
    bench.assertRightAsStock(
        factory -> {
          Amount kept = new Amount(1);
          kept.whole = BigInteger.valueOf(Long.MAX_VALUE);
          Amount least = new Amount(2);
          least.whole = BigInteger.valueOf(Long.MIN_VALUE);
          factory.inTransaction(
              session -> {
                session.persist(kept);
                session.persist(least);
              });
          assertThat(factory.<Amount>fromSession(s -> s.find(Amount.class, 1L)).whole)
              .isEqualTo(kept.whole);
          assertThat(factory.<Amount>fromSession(s -> s.find(Amount.class, 2L)).whole)
              .isEqualTo(least.whole);
        });
  }

  @Rule(id = "H-4")
  void longDurations_comeBackToTheNanosecond() throws Exception {
    bench.assertRightAsStock(
        factory -> {
          Shelf.Old kept = new Shelf.Old();
          kept.duration = Duration.ofDays(100_000).plusNanos(1);
          factory.inTransaction(session -> session.persist(kept));
          assertThat(factory.<Shelf.Old>fromSession(s -> s.find(Shelf.Old.class, 0L)).duration)
              .isEqualTo(kept.duration);
        });
  }

  @Rule(id = "H-4")
  void uuid_comesBackAndCompares() throws Exception {
    bench.assertRightAsStock(
        factory -> {
          UUID low = new UUID(0x0190000000007000L, 0x8000000000000001L);
          UUID high = new UUID(0xf190000000007000L, 0x8000000000000001L);
          factory.inTransaction(
              session -> {
                int id = 0;
                for (UUID uuid : List.of(high, low)) {
                  Amount amount = new Amount(++id);
                  amount.uuid = uuid;
                  session.persist(amount);
                }
              });
          factory.inTransaction(
              session -> {
                assertThat(
                        session
                            .createSelectionQuery(
                                "select uuid from Amount order by uuid", UUID.class)
                            .list())
                    .containsExactly(low, high);
                assertThat(
                        session
                            .createSelectionQuery(
                                "select id from Amount where uuid = ?1", Long.class)
                            .setParameter(1, low)
                            .list())
                    .containsExactly(2L);
              });
        });
  }

  @Rule(id = "H-4")
  void whatTheStockDialectStored_isRead() throws Exception {
    Amount kept = new Amount(1);
    kept.price = new BigDecimal("12.30");
    kept.exact = new BigDecimal("-999999999999.99");
    kept.whole = BigInteger.TEN.pow(18).subtract(BigInteger.ONE);
    kept.uuid = new UUID(0x0190000000007000L, 0x8000000000000001L);
    bench.assertReadsWhatStockWrote(
        factory -> factory.inTransaction(session -> session.persist(kept)),
        factory ->
            assertThat(factory.<Amount>fromSession(session -> session.find(Amount.class, 1L)))
                .usingRecursiveComparison()
                .isEqualTo(kept));
  }
}
