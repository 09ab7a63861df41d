package io.honker.orm.dialect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.honker.orm.dialect.Shelf.Moment;
import io.honker.orm.dialect.Shelf.Old;
import io.honker.tck.Rule;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Calendar;
import java.util.Date;
import java.util.GregorianCalendar;
import java.util.List;
import java.util.function.Function;
import org.hibernate.SessionFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Rule H-4: dates and times come back the same, compare, and can be calculated with. */
class SqliteTimeTest {

  private static final LocalDateTime TIME = LocalDateTime.of(2026, 3, 29, 23, 59, 59, 999_999_999);

  @TempDir Path folder;
  private Bench bench;

  @BeforeEach
  void prepare() {
    bench = new Bench(folder, Moment.class, Old.class);
  }

  private static Moment moment(LocalDateTime time) {
    Moment moment = new Moment(1);
    moment.happened = time.toInstant(ZoneOffset.UTC);
    moment.moment = time;
    moment.day = time.toLocalDate();
    moment.clock = time.toLocalTime();
    moment.there = time.atOffset(ZoneOffset.ofHoursMinutes(5, 30));
    return moment;
  }

  private static void keep(SessionFactory factory, Object... entities) {
    factory.inTransaction(session -> List.of(entities).forEach(session::persist));
  }

  private static <R> R select(SessionFactory factory, String hql, Class<R> type, Object... values) {
    return factory.fromTransaction(
        session -> {
          var query = session.createSelectionQuery(hql, type);
          for (int i = 0; i < values.length; i++) {
            query.setParameter(i + 1, values[i]);
          }
          return query.getSingleResult();
        });
  }

  private static long count(SessionFactory factory, String where, Object... values) {
    return select(factory, "select count(*) from Moment where " + where, Long.class, values);
  }

  // ---- round trips

  private void roundTrip(Function<Moment, Object> get) throws Exception {
    bench.assertRedOnStock(
        "expected",
        factory -> {
          Moment kept = moment(TIME);
          keep(factory, kept);
          Moment read = factory.fromSession(session -> session.find(Moment.class, 1L));
          assertThat(get.apply(read)).isEqualTo(get.apply(kept));
        });
  }

  @Rule(id = "H-4")
  void instant_comesBackToTheNanosecond() throws Exception {
    roundTrip(m -> m.happened);
  }

  @Rule(id = "H-4")
  void localDateTime_comesBackToTheNanosecond() throws Exception {
    roundTrip(m -> m.moment);
  }

  @Rule(id = "H-4")
  void localTime_comesBackToTheNanosecond() throws Exception {
    roundTrip(m -> m.clock);
  }

  @Rule(id = "H-4")
  void offsetDateTime_comesBackWithItsOffset() throws Exception {
    roundTrip(m -> m.there);
  }

  @Rule(id = "H-4")
  void dates_areTheirText() throws Exception {
    bench.assertRedOnStock(
        "Expect",
        factory -> {
          keep(factory, moment(TIME));
          Object[] row =
              factory.fromTransaction(
                  session ->
                      session
                          .createNativeQuery(
                              "select happened, moment, day, clock from Moment", Object[].class)
                          .addScalar("happened", String.class)
                          .addScalar("moment", String.class)
                          .addScalar("day", String.class)
                          .addScalar("clock", String.class)
                          .getSingleResult());
          assertThat(row)
              .containsExactly(
                  "2026-03-29 23:59:59.999999999",
                  "2026-03-29 23:59:59.999999999",
                  "2026-03-29",
                  "23:59:59.999999999");
        });
  }

  @Rule(id = "H-4")
  void extremes_comeBack() throws Exception {
    bench.assertRedOnStock(
        "when recursively comparing field by field",
        factory -> {
          for (LocalDateTime time :
              List.of(
                  LocalDateTime.of(0, 1, 1, 0, 0),
                  LocalDateTime.of(1582, 10, 10, 12, 0),
                  LocalDateTime.of(1969, 12, 31, 23, 59, 59, 1),
                  LocalDateTime.of(9999, 12, 31, 23, 59, 59, 999_999_999))) {
            factory.inTransaction(s -> s.createMutationQuery("delete from Moment").executeUpdate());
            Moment kept = moment(time);
            kept.there = null;
            keep(factory, kept);
            Moment read = factory.fromSession(session -> session.find(Moment.class, 1L));
            assertThat(read).usingRecursiveComparison().isEqualTo(kept);
          }
          assertThatThrownBy(() -> keep(factory, moment(LocalDateTime.of(10_000, 1, 1, 0, 0))))
              .hasStackTraceContaining("0 to 9999");
        });
  }

  private static Old old(LocalDateTime time) {
    Old old = new Old();
    old.id = 1;
    old.date = Date.from(Instant.parse("2026-03-29T01:02:03.456Z"));
    old.timestamp = Timestamp.valueOf(time);
    old.sqlDate = java.sql.Date.valueOf("2026-03-29");
    old.sqlTime = java.sql.Time.valueOf("01:02:03");
    old.calendar = new GregorianCalendar(2026, Calendar.MARCH, 29, 1, 2, 3);
    old.zoned = ZonedDateTime.of(time, ZoneOffset.UTC);
    old.offsetTime = OffsetTime.of(1, 2, 3, 0, ZoneOffset.UTC);
    old.duration = Duration.ofDays(400).plusNanos(1);
    return old;
  }

  /** All but the timestamp. */
  private static void assertOldTypes(Old read, Old old) {
    assertThat(read.date.getTime()).isEqualTo(old.date.getTime());
    assertThat(read.sqlDate).isEqualTo(old.sqlDate);
    assertThat(read.sqlTime).isEqualTo(old.sqlTime);
    assertThat(read.calendar.getTimeInMillis()).isEqualTo(old.calendar.getTimeInMillis());
    assertThat(read.zoned.toInstant()).isEqualTo(old.zoned.toInstant());
    assertThat(read.offsetTime.withOffsetSameInstant(ZoneOffset.UTC)).isEqualTo(old.offsetTime);
    assertThat(read.duration).isEqualTo(old.duration);
  }

  @Rule(id = "H-4")
  void oldTypes_comeBack() throws Exception {
    bench.assertRightAsStock(
        factory -> {
          Old old = old(LocalDateTime.of(2026, 3, 29, 23, 59, 59));
          keep(factory, old);
          assertOldTypes(factory.fromSession(session -> session.find(Old.class, 1L)), old);
        });
  }

  @Rule(id = "H-4")
  void timestampAndOffsetTime_comeBackToTheNanosecond() throws Exception {
    bench.assertRedOnStock(
        "(java.sql.Timestamp)",
        factory -> {
          Old old = old(TIME);
          keep(factory, old);
          Old read = factory.fromSession(session -> session.find(Old.class, 1L));
          assertThat(read.timestamp).isEqualTo(old.timestamp);
        });
    bench.assertRedOnStock(
        "expected: 01:02:03.000000004Z",
        factory -> {
          Old old = old(TIME);
          old.offsetTime = OffsetTime.of(1, 2, 3, 4, ZoneOffset.UTC);
          keep(factory, old);
          Old read = factory.fromSession(session -> session.find(Old.class, 1L));
          assertThat(read.offsetTime).isEqualTo(old.offsetTime);
        });
  }

  @Rule(id = "H-4")
  void whatTheStockDialectStored_isRead() throws Exception {
    assertReadsWhatStockWrote(bench);
  }

  /** Of times, the stock dialect keeps milliseconds. */
  static void assertReadsWhatStockWrote(Bench bench) throws Exception {
    LocalDateTime time = LocalDateTime.of(2026, 7, 29, 23, 59, 59, 500_000_000);
    bench.assertReadsWhatStockWrote(
        factory -> keep(factory, moment(time), old(time)),
        factory -> {
          Moment moment = factory.fromSession(session -> session.find(Moment.class, 1L));
          assertThat(moment).usingRecursiveComparison().isEqualTo(moment(time));
          Old read = factory.fromSession(session -> session.find(Old.class, 1L));
          assertOldTypes(read, old(time));
          assertThat(read.timestamp).isEqualTo(Timestamp.valueOf(time));
        });
  }

  // ---- comparisons

  @Rule(id = "H-4")
  void comparison_withNow_isRight() throws Exception {
    bench.assertRedOnStock(
        "expected",
        factory -> {
          keep(factory, moment(LocalDateTime.of(2099, 1, 1, 0, 0)));
          assertThat(count(factory, "happened < instant")).isZero();
          assertThat(count(factory, "happened > instant")).isEqualTo(1);
        });
  }

  @Rule(id = "H-4")
  void comparison_withLocalDateTime_isRight() throws Exception {
    bench.assertRedOnStock(
        "expected",
        factory -> {
          keep(factory, moment(LocalDateTime.of(2099, 1, 1, 0, 0)));
          assertThat(count(factory, "moment < local datetime")).isZero();
          assertThat(count(factory, "moment > local datetime")).isEqualTo(1);
          assertThat(count(factory, "day > local date")).isEqualTo(1);
          assertThat(count(factory, "clock >= local time or clock < local time")).isEqualTo(1);
        });
  }

  @Rule(id = "H-4")
  void comparison_withLiterals_isRight() throws Exception {
    bench.assertRedOnStock(
        "syntax error",
        factory -> {
          keep(factory, moment(TIME));
          assertThat(count(factory, "moment > datetime 2026-03-29 23:59:59")).isEqualTo(1);
          assertThat(count(factory, "moment < datetime 2026-03-30 00:00:00")).isEqualTo(1);
          assertThat(count(factory, "day = date 2026-03-29")).isEqualTo(1);
          assertThat(count(factory, "clock > time 23:59:59")).isEqualTo(1);
        });
  }

  @Rule(id = "H-4")
  void comparison_withParameters_isRightToTheNanosecond() throws Exception {
    bench.assertRedOnStock(
        "expected",
        factory -> {
          keep(factory, moment(TIME));
          Instant instant = TIME.toInstant(ZoneOffset.UTC);
          assertThat(count(factory, "happened = ?1", instant)).isEqualTo(1);
          assertThat(count(factory, "happened > ?1", instant.minusNanos(1))).isEqualTo(1);
          assertThat(count(factory, "happened < ?1", instant.plusNanos(1))).isEqualTo(1);
          assertThat(count(factory, "moment between ?1 and ?1", TIME)).isEqualTo(1);
          assertThat(count(factory, "clock = ?1", TIME.toLocalTime())).isEqualTo(1);
          assertThat(count(factory, "day in (?1)", TIME.toLocalDate())).isEqualTo(1);
        });
  }

  @Rule(id = "H-4")
  void offsets_compareByInstant() throws Exception {
    bench.assertRightAsStock(
        factory -> {
          keep(factory, moment(TIME));
          OffsetDateTime elsewhere =
              moment(TIME).there.withOffsetSameInstant(ZoneOffset.ofHours(-8));
          assertThat(count(factory, "there < ?1", elsewhere.plusNanos(1))).isEqualTo(1);
          assertThat(count(factory, "there > ?1", elsewhere.minusNanos(1))).isEqualTo(1);
        });
  }

  @Rule(id = "H-4")
  void localDate_isToday() throws Exception {
    bench.assertRedOnStock(
        "Error parsing date",
        factory -> {
          keep(factory, moment(TIME));
          assertThat(select(factory, "select local date from Moment", LocalDate.class))
              .isBetween(LocalDate.now().minusDays(1), LocalDate.now().plusDays(1));
          assertThat(select(factory, "select local time from Moment", LocalTime.class)).isNotNull();
        });
  }

  // ---- extract

  private void extract(String how, String expression, Object expected) throws Exception {
    bench.assertRedOnStock(
        how,
        factory -> {
          keep(factory, moment(LocalDateTime.of(2026, 3, 29, 8, 5, 30, 123_456_789)));
          Object found = select(factory, "select " + expression + " from Moment", Object.class);
          assertThat(found).isNotNull();
          if (expected instanceof Double wanted) {
            assertThat(((Number) found).doubleValue())
                .isCloseTo(wanted, org.assertj.core.data.Offset.offset(1e-6));
          } else {
            assertThat(((Number) found).longValue()).isEqualTo(((Number) expected).longValue());
          }
          assertThat(count(factory, expression + " between ?1 - 0.001 and ?1 + 0.001", expected))
              .as("compared in SQL")
              .isEqualTo(1);
        });
  }

  @Rule(id = "H-4")
  void extract_day() throws Exception {
    extract("Expecting actual not to be null", "extract(day from moment)", 29);
  }

  @Rule(id = "H-4")
  void extract_ofEveryField() throws Exception {
    extract("Expecting actual not to be null", "extract(year from moment)", 2026);
    extract("Unsupported unit", "extract(quarter from day)", 1);
    extract("Expecting actual not to be null", "extract(month from happened)", 3);
    extract("Expecting actual not to be null", "extract(week from day)", 13);
    extract("Expecting actual not to be null", "extract(day of month from day)", 29);
    extract("Expecting actual not to be null", "extract(day of week from day)", 1);
    extract("Expecting actual not to be null", "extract(day of year from day)", 88);
    extract("Expecting actual not to be null", "extract(week of year from day)", 14);
    extract("Expecting actual not to be null", "extract(week of month from day)", 5);
    extract("Expecting actual not to be null", "extract(hour from moment)", 8);
    extract("Expecting actual not to be null", "extract(hour from clock)", 8);
    extract("Expecting actual not to be null", "extract(minute from clock)", 5);
    extract("Expecting actual not to be null", "extract(second from moment)", 30.123456789);
    extract("Expecting actual not to be null", "extract(second from clock)", 30.123456789);
    extract("Expecting actual not to be null", "extract(nanosecond from clock)", 30_123_456_789L);
    extract("Expecting actual not to be null", "extract(epoch from happened)", 1_774_771_530);
  }

  @Rule(id = "H-4")
  void extract_atTheLastNanosecond_staysInItsDay() throws Exception {
    bench.assertRedOnStock(
        "expected: 1L",
        factory -> {
          keep(factory, moment(LocalDateTime.of(2026, 12, 31, 23, 59, 59, 999_999_999)));
          assertThat(count(factory, "extract(year from moment) = 2026")).isEqualTo(1);
          assertThat(count(factory, "extract(hour from clock) = 23")).isEqualTo(1);
          assertThat(count(factory, "extract(second from clock) >= 59")).isEqualTo(1);
        });
  }

  @Rule(id = "H-4")
  void extract_dateAndTime() throws Exception {
    bench.assertRedOnStock(
        "expected: 23:59:59.999999999",
        factory -> {
          keep(factory, moment(TIME));
          assertThat(
                  select(factory, "select extract(date from moment) from Moment", LocalDate.class))
              .isEqualTo(TIME.toLocalDate());
          assertThat(
                  select(factory, "select extract(time from moment) from Moment", LocalTime.class))
              .isEqualTo(TIME.toLocalTime());
        });
  }

  @Rule(id = "H-4")
  void casts_ofTexts() throws Exception {
    bench.assertRedOnStock(
        "expected: 1L",
        factory -> {
          keep(factory, moment(TIME));
          assertThat(count(factory, "cast('2026-03-29' as LocalDate) = day")).isEqualTo(1);
          assertThat(
                  count(factory, "cast('2026-03-29 23:59:59.999999999' as LocalDateTime) = moment"))
              .isEqualTo(1);
          assertThat(count(factory, "cast('23:59:59.999999999' as LocalTime) = clock"))
              .isEqualTo(1);
        });
  }

  @Rule(id = "H-4")
  void format_isFormatted() throws Exception {
    bench.assertRedOnStock(
        "expected: \"29/03/2026 08:05\"",
        factory -> {
          keep(factory, moment(LocalDateTime.of(2026, 3, 29, 8, 5)));
          assertThat(
                  select(
                      factory,
                      "select format(moment as 'dd/MM/yyyy HH:mm') from Moment",
                      String.class))
              .isEqualTo("29/03/2026 08:05");
        });
  }

  // ---- arithmetic

  @Rule(id = "H-4")
  void timestampdiff_countsCompleteUnits() throws Exception {
    bench.assertRedOnStock(
        "AssertionError",
        factory -> {
          LocalDateTime from = LocalDateTime.of(2026, 3, 29, 8, 5, 30, 123_456_789);
          keep(factory, moment(from));
          for (LocalDateTime to :
              List.of(
                  LocalDateTime.of(2026, 11, 21, 8, 5, 30),
                  LocalDateTime.of(2026, 3, 29, 8, 5, 30, 123_456_788),
                  LocalDateTime.of(2025, 3, 29, 8, 5, 30, 123_456_790),
                  LocalDateTime.of(2031, 2, 28, 23, 59, 59, 999_999_999),
                  from)) {
            for (ChronoUnit unit :
                List.of(
                    ChronoUnit.DAYS,
                    ChronoUnit.WEEKS,
                    ChronoUnit.MONTHS,
                    ChronoUnit.YEARS,
                    ChronoUnit.HOURS,
                    ChronoUnit.MINUTES,
                    ChronoUnit.SECONDS,
                    ChronoUnit.NANOS)) {
              String name =
                  unit == ChronoUnit.NANOS ? "nanosecond" : unit.toString().replaceAll("s$", "");
              assertThat(
                      select(
                          factory,
                          "select timestampdiff(" + name + ", moment, ?1) from Moment",
                          Number.class,
                          to))
                  .as("%s from %s to %s", unit, from, to)
                  .extracting(Number::longValue)
                  .isEqualTo(unit.between(from, to));
            }
          }
        });
  }

  @Rule(id = "H-4")
  void timestampadd_isAsInJava() throws Exception {
    bench.assertRedOnStock(
        "ArrayIndexOutOfBounds",
        factory -> {
          LocalDateTime from = LocalDateTime.of(2028, 1, 31, 23, 59, 59, 999_999_999);
          keep(factory, moment(from));
          for (ChronoUnit unit :
              List.of(
                  ChronoUnit.DAYS,
                  ChronoUnit.WEEKS,
                  ChronoUnit.MONTHS,
                  ChronoUnit.YEARS,
                  ChronoUnit.HOURS,
                  ChronoUnit.MINUTES,
                  ChronoUnit.SECONDS,
                  ChronoUnit.NANOS)) {
            String name =
                unit == ChronoUnit.NANOS ? "nanosecond" : unit.toString().replaceAll("s$", "");
            for (int n : List.of(1, -1, 13, -400)) {
              assertThat(
                      select(
                          factory,
                          "select timestampadd(" + name + ", ?1, moment) from Moment",
                          LocalDateTime.class,
                          n))
                  .as("%s %s after %s", n, unit, from)
                  .isEqualTo(from.plus(n, unit));
            }
          }
        });
  }

  @Rule(id = "H-4")
  void datesAndTimes_canBeCalculatedWith() throws Exception {
    bench.assertRedOnStock(
        "expected: 2028-02-29",
        factory -> {
          keep(factory, moment(LocalDateTime.of(2028, 1, 31, 23, 30, 0, 5)));
          assertThat(select(factory, "select day + 1 month from Moment", LocalDate.class))
              .isEqualTo(LocalDate.of(2028, 2, 29));
          assertThat(select(factory, "select day - 31 day from Moment", LocalDate.class))
              .isEqualTo(LocalDate.of(2027, 12, 31));
          assertThat(select(factory, "select clock + 1 hour from Moment", LocalTime.class))
              .isEqualTo(LocalTime.of(0, 30, 0, 5));
          assertThat(
                  select(
                      factory,
                      "select (moment - datetime 2028-01-01 00:00:00) by day from Moment",
                      Long.class))
              .isEqualTo(30);
          assertThat(
                  select(
                      factory,
                      "select moment + 5400 second + 3 nanosecond from Moment",
                      LocalDateTime.class))
              .isEqualTo(LocalDateTime.of(2028, 2, 1, 1, 0, 0, 8));
        });
  }

  @Rule(id = "H-4")
  void timestampdiff_betweenADateAndADateTime_countsFromMidnight() throws Exception {
    bench.assertRedOnStock(
        "AssertionError",
        factory -> {
          keep(factory, moment(LocalDateTime.of(2026, 3, 29, 0, 0)));
          for (String unit : List.of("month", "day")) {
            assertThat(
                    select(
                        factory,
                        "select timestampdiff(" + unit + ", day, ?1) from Moment",
                        Number.class,
                        LocalDateTime.of(2026, 4, 29, 0, 0)))
                .as(unit)
                .extracting(Number::intValue)
                .isEqualTo(unit.equals("month") ? 1 : 31);
            assertThat(
                    select(
                        factory,
                        "select timestampdiff(" + unit + ", moment, ?1) from Moment",
                        Number.class,
                        LocalDate.of(2026, 4, 29)))
                .as(unit)
                .extracting(Number::intValue)
                .isEqualTo(unit.equals("month") ? 1 : 31);
          }
        });
  }

  @Rule(id = "H-4")
  void fractionsOfSeconds_areAddedToTheNanosecond() throws Exception {
    bench.assertRedOnStock(
        "expected",
        factory -> {
          LocalDateTime from = LocalDateTime.of(2026, 3, 29, 8, 5);
          keep(factory, moment(from));
          for (String seconds : List.of("1.001", "0.3", "1.1", "-2.7", "0.000000001")) {
            assertThat(
                    select(
                        factory,
                        "select moment + " + seconds + " second from Moment",
                        LocalDateTime.class))
                .isEqualTo(from.plusNanos(new BigDecimal(seconds).movePointRight(9).longValue()));
          }
        });
  }

  @Rule(id = "H-4")
  void format_ofATime_isNotRounded() throws Exception {
    bench.assertRedOnStock(
        "expected",
        factory -> {
          keep(factory, moment(TIME));
          assertThat(
                  select(factory, "select format(clock as 'HH:mm:ss') from Moment", String.class))
              .isEqualTo("23:59:59");
          assertThat(
                  select(factory, "select format(day as 'dd.MM.yyyy') from Moment", String.class))
              .isEqualTo("29.03.2026");
        });
  }

  @Rule(id = "H-4")
  void daysOfTheJulianCalendar_areRefusedRatherThanMisread() throws Exception {
    bench.assertRedOnStock(
        "Expecting code to raise a throwable",
        factory -> {
          factory.inTransaction(
              session ->
                  session
                      .createNativeMutationQuery(
                          "insert into Moment(id, moment) values (1, 2461128.5)")
                      .executeUpdate());
          assertThatThrownBy(() -> factory.inTransaction(session -> session.find(Moment.class, 1L)))
              .hasStackTraceContaining("a stored value is no TIMESTAMP");
        });
  }
}
