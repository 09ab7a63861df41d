package io.honker.sqlite.functions;

import static org.assertj.core.api.Assertions.assertThat;

import io.honker.tck.Rule;
import java.sql.SQLException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SchedulerFunctionsTest extends FunctionTest {

  private static final String TASK =
      "SELECT cron_expr, payload, priority, expires_s, next_fire_at - "
          + NOW
          + ", enabled, max_attempts FROM _honker_scheduler_tasks";

  @Rule(id = "F-6")
  void register_thenList_showsIt() throws SQLException {
    assertThat(value("SELECT honker_scheduler_register('s', 'q', '@every 5s', 'p', 2, NULL)"))
        .isEqualTo(1);

    assertThat(value("SELECT honker_scheduler_list()"))
        .isEqualTo(
            "[{\"cron_expr\":\"@every 5s\",\"enabled\":true,\"expires_s\":null,\"max_attempts\":3,"
                + "\"name\":\"s\",\"next_fire_at\":"
                + (NOW + 5)
                + ",\"payload\":\"p\",\"priority\":2,\"queue\":\"q\"}]");
    assertThat(number("SELECT honker_scheduler_soonest()")).isEqualTo(NOW + 5);
  }

  @Rule(id = "F-6")
  void register_again_replacesAllButThePause() throws SQLException {
    run("SELECT honker_scheduler_register('s', 'q', '@every 5s', 'p', 2, 9, 7)");
    assertThat(value("SELECT honker_scheduler_pause('s')")).isEqualTo(1);
    assertThat(value("SELECT honker_scheduler_pause('s')")).isEqualTo(0);
    run("SELECT honker_scheduler_register('s', 'q', '0 * * * *', 'p2', 0, NULL, -4)");

    assertThat(rows(TASK)).containsExactly("0 * * * *|p2|0|-|3600|0|1");
    assertThat(value("SELECT honker_scheduler_soonest()")).isEqualTo(0);
    assertThat(value("SELECT honker_scheduler_resume('s')")).isEqualTo(1);
    assertThat(value("SELECT honker_scheduler_resume('s')")).isEqualTo(0);
  }

  @Rule(id = "F-6")
  void register_ofABadExpression_saysWhy() throws SQLException {
    assertThat(error("SELECT honker_scheduler_register('s', 'q', '@hourly', 'p', 2, NULL)"))
        .startsWith("schedule expression requires 5 or 6 cron fields");
    assertThat(rows(TASK)).isEmpty();
  }

  @Rule(id = "F-6")
  void unregister_deletes() throws SQLException {
    run("SELECT honker_scheduler_register('s', 'q', '@every 5s', 'p', 2, NULL)");

    assertThat(value("SELECT honker_scheduler_unregister('s')")).isEqualTo(1);
    assertThat(value("SELECT honker_scheduler_unregister('s')")).isEqualTo(0);
  }

  @Rule(id = "F-6")
  void tick_enqueuesWhatIsDue_andMovesOn() throws SQLException {
    run("SELECT honker_scheduler_register('s', 'q', '@every 10s', 'p', 2, 60, 7)");
    assertThat(value("SELECT honker_scheduler_tick(?)", NOW + 9)).isEqualTo("[]");

    assertThat(value("SELECT honker_scheduler_tick(?)", NOW + 20))
        .isEqualTo(
            "[{\"fire_at\":%d,\"job_id\":1,\"name\":\"s\",\"queue\":\"q\"},".formatted(NOW + 10)
                + "{\"fire_at\":%d,\"job_id\":2,\"name\":\"s\",\"queue\":\"q\"}]"
                    .formatted(NOW + 20));
    assertThat(
            rows(
                "SELECT queue, payload, priority, run_at, max_attempts, expires_at"
                    + " FROM _honker_live WHERE id = 2"))
        .containsExactly("q|p|2|" + NOW + "|7|" + (NOW + 60));
    assertThat(number("SELECT honker_scheduler_soonest()")).isEqualTo(NOW + 30);
  }

  @Rule(id = "F-6")
  void tick_afterALongPause_catchesUpWith64AndDropsTheRest() throws SQLException {
    run("SELECT honker_scheduler_register('s', 'q', '* * * * * *', 'p', 2, NULL)");

    run("SELECT honker_scheduler_tick(" + (NOW + 1000) + ")");

    assertThat(number("SELECT count(*) FROM _honker_live")).isEqualTo(64);
    assertThat(number("SELECT honker_scheduler_soonest()")).isEqualTo(NOW + 1001);
  }

  @Rule(id = "F-6")
  void tick_withOneBadExpression_doesNothing() throws SQLException {
    run("SELECT honker_scheduler_register('a', 'q', '@every 1s', 'p', 2, NULL)");
    run("SELECT honker_scheduler_register('b', 'q', '@every 1s', 'p', 2, NULL)");
    run("UPDATE _honker_scheduler_tasks SET cron_expr = 'bad' WHERE name = 'b'");

    assertThat(error("SELECT honker_scheduler_tick(" + (NOW + 5) + ")")).contains("\"bad\"");
    assertThat(number("SELECT count(*) FROM _honker_live")).isZero();
    assertThat(number("SELECT honker_scheduler_soonest()")).isEqualTo(NOW + 1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "'s', NULL, NULL, NULL, NULL, 0                   ; 0 ; @every 5s|p|2|9|5|1|7",
        "'s', NULL, NULL, NULL, 4, 0                      ; 0 ; @every 5s|p|2|9|5|1|7",
        "'none', 'bad', NULL, NULL, NULL, 0               ; 0 ; @every 5s|p|2|9|5|1|7",
        "'s', '@every 7s', NULL, NULL, NULL, 0            ; 1 ; @every 7s|p|2|9|7|1|7",
        "'s', NULL, 'new', 8, NULL, 0                     ; 1 ; @every 5s|new|8|9|5|1|7",
        "'s', NULL, NULL, NULL, NULL, 1                   ; 1 ; @every 5s|p|2|-|5|1|7",
        "'s', NULL, NULL, NULL, 4, -1                     ; 1 ; @every 5s|p|2|4|5|1|7",
        "'s', NULL, NULL, NULL, NULL, 0, 5, 0             ; 0 ; @every 5s|p|2|9|5|1|7",
        "'s', NULL, NULL, NULL, NULL, 0, 5, 1             ; 1 ; @every 5s|p|2|9|5|1|5",
        "'s', NULL, NULL, NULL, NULL, 0, NULL, 1          ; 1 ; @every 5s|p|2|9|5|1|3",
        "'s', NULL, NULL, NULL, NULL, 0, -5, 1            ; 1 ; @every 5s|p|2|9|5|1|1"
      })
  void update_changesWhatItIsTold(String arguments, int result, String after) throws SQLException {
    run("SELECT honker_scheduler_register('s', 'q', '@every 5s', 'p', 2, 9, 7)");

    assertThat(value("SELECT honker_scheduler_update(" + arguments + ")")).isEqualTo(result);
    assertThat(rows(TASK)).containsExactly(after);
  }

  @Rule(id = "F-6")
  void cronNextAfter_isStrictlyAfter() throws SQLException {
    assertThat(value("SELECT honker_cron_next_after('* * * * *', 60)")).isEqualTo(120);
    assertThat(value("SELECT honker_cron_next_after(' @every 5m ', 100)")).isEqualTo(400);
  }
}
