package io.honker.orm.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import io.honker.orm.dialect.Shelf.Moment;
import io.honker.orm.dialect.Shelf.Old;
import io.honker.orm.dialect.Shelf.Stamped;
import io.honker.tck.Rule;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.Date;
import java.util.GregorianCalendar;
import org.hibernate.SessionFactory;
import org.junit.jupiter.api.io.TempDir;

/** Rule H-4 where the clock on the wall does not show UTC, in a process of its own. */
class SqliteZoneTest {

  @TempDir Path folder;

  @Rule(id = "H-4")
  void timesOfAnotherZone_areRight() throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Duser.timezone=Europe/Vienna",
            "-Duser.language=en",
            "-cp",
            System.getProperty("java.class.path"),
            InVienna.class.getName(),
            folder.toString());
    builder.environment().put("TZ", "CET-1CEST,M3.5.0,M10.5.0/3"); // what SQLite goes by
    Process process = builder.redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
  }

  /** Its failures name the scenario in their stack trace. */
  static final class InVienna {

    public static void main(String[] args) throws Exception {
      Bench bench = new Bench(Path.of(args[0]), Moment.class, Old.class, Stamped.class);
      bench.assertRedOnStock("to be between", InVienna::localNow);
      bench.assertRightAsStock(InVienna::instantNow);
      bench.assertRedOnStock("to be between", InVienna::stamped);
      bench.assertRightAsStock(InVienna::repeatedHour);
      SqliteTimeTest.assertReadsWhatStockWrote(bench);
    }

    private static <R> R select(SessionFactory factory, String what, Class<R> type) {
      factory.inTransaction(session -> session.persist(new Moment(1)));
      return factory.fromTransaction(
          session ->
              session
                  .createSelectionQuery("select " + what + " from Moment", type)
                  .getSingleResult());
    }

    private static void localNow(SessionFactory factory) {
      LocalDateTime before = LocalDateTime.now().minusSeconds(2);
      assertThat(select(factory, "local datetime", LocalDateTime.class))
          .isBetween(before, LocalDateTime.now().plusSeconds(2));
    }

    private static void instantNow(SessionFactory factory) {
      Instant before = Instant.now().minusSeconds(2);
      assertThat(select(factory, "instant", Instant.class))
          .isBetween(before, Instant.now().plusSeconds(2));
    }

    private static void stamped(SessionFactory factory) {
      Instant before = Instant.now().minusSeconds(2);
      Stamped kept = new Stamped();
      factory.inTransaction(session -> session.persist(kept));
      Instant after = Instant.now().plusSeconds(2);
      Stamped read = factory.fromSession(session -> session.find(Stamped.class, kept.id));
      assertThat(read.instant).isBetween(before, after);
      assertThat(read.date.toInstant()).isBetween(before, after);
      Long early =
          factory.fromTransaction(
              session ->
                  session
                      .createSelectionQuery(
                          "select count(*) from Stamped where date > current_timestamp", Long.class)
                      .getSingleResult());
      assertThat(early).isZero();
    }

    private static void repeatedHour(SessionFactory factory) {
      Instant first = Instant.parse("2026-10-25T00:30:00Z");
      for (Instant instant : new Instant[] {first, first.plus(Duration.ofHours(1))}) {
        Old old = new Old();
        old.date = Date.from(instant);
        old.timestamp = Timestamp.from(instant);
        GregorianCalendar calendar = new GregorianCalendar();
        calendar.setTime(old.date);
        old.calendar = calendar;
        old.zoned = instant.atZone(java.time.ZoneId.systemDefault());
        factory.inTransaction(session -> session.persist(old));
        Old read = factory.fromSession(session -> session.find(Old.class, 0L));
        assertThat(read.date.toInstant()).isEqualTo(instant);
        assertThat(read.timestamp.toInstant()).isEqualTo(instant);
        assertThat(read.calendar.toInstant()).isEqualTo(instant);
        assertThat(read.zoned.toInstant()).isEqualTo(instant);
        factory.inTransaction(session -> session.remove(session.find(Old.class, 0L)));
      }
    }
  }
}
