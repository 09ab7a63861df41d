package io.honker.cli;

import static io.honker.cli.CommandRun.run;
import static org.assertj.core.api.Assertions.assertThat;

import io.honker.Honker;
import io.honker.cli.CommandRun.Result;
import io.honker.schedule.Schedule;
import io.honker.sqlite.SqliteHonker;
import java.nio.file.Path;
import java.time.ZoneId;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** schedules and locks. */
class ScheduleCommandsTest {

  @TempDir private Path folder;
  private Path file = Path.of("");

  @BeforeEach
  void makeDatabase() {
    file = TestDatabase.create(folder);
    try (Honker honker = SqliteHonker.open(file)) {
      honker.scheduler().register(Schedule.cron("nightly", "0 3 * * *", "reports").build());
      honker
          .scheduler()
          .register(
              Schedule.cron("berlin", "30 8 * * 1", "mail")
                  .zone(ZoneId.of("Europe/Berlin"))
                  .priority(4)
                  .payload("hello")
                  .build());
    }
  }

  @Test
  void list_withSharedAndOwnOnes_listsBoth() throws Exception {
    assertThat(run("schedules", "list", file).ok().out())
        .hasSize(5)
        .anyMatch(line -> line.matches("berlin +30 8 \\* \\* 1 +Europe/Berlin +mail +4 .*false.*"))
        .anyMatch(line -> line.matches("nightly +0 3 \\* \\* \\* +- +reports +0 .*T03:00:00Z.*"));
    assertThat(run("schedules", "list", file, "--json").ok().line())
        .startsWith("[{\"name\":\"berlin\",\"expression\":\"30 8 * * 1\",")
        .contains("\"zone\":\"Europe/Berlin\"", "\"paused\":false", "\"shared\":true");
  }

  @Test
  void pauseAndResume_twice_sayWhetherThatChangedSomething() throws Exception {
    assertThat(run("schedules", "pause", file, "nightly").ok().line())
        .isEqualTo("nightly is paused");
    assertThat(run("schedules", "pause", file, "nightly", "--json").ok().line())
        .isEqualTo("{\"name\":\"nightly\",\"paused\":true,\"changed\":false}");
    assertThat(TestDatabase.text(file, "SELECT enabled FROM _honker_scheduler_tasks"))
        .isEqualTo("0");
    assertThat(run("schedules", "resume", file, "nightly").ok().line())
        .isEqualTo("nightly is active");
    assertThat(run("schedules", "resume", file, "nightly").ok().line())
        .isEqualTo("nightly is active already");
  }

  @Test
  void trigger_ofASchedule_enqueuesItsJob() throws Exception {
    assertThat(run("schedules", "trigger", file, "berlin", "--json").ok().line())
        .isEqualTo("{\"id\":1}");
    assertThat(
            TestDatabase.text(
                file, "SELECT queue || payload || priority FROM _honker_live WHERE id = 1"))
        .isEqualTo("mail\"hello\"4");
  }

  @Test
  void next_ofASchedule_showsFireTimes() throws Exception {
    assertThat(run("schedules", "next", file, "nightly", "-n", "2", "--json").ok().line())
        .matches("\\[\\{\"fire_at\":\"\\S+T03:00:00Z\"\\},\\{\"fire_at\":\"\\S+T03:00:00Z\"\\}\\]");
    assertThat(run("schedules", "next", file, "nightly").ok().out()).hasSize(8);
    assertThat(run("schedules", "next", file, "nightly", "-n", "0").code()).isEqualTo(2);
  }

  @Test
  void everySubcommand_ofAnUnknownSchedule_fails() throws Exception {
    for (String command : new String[] {"pause", "resume", "trigger", "next"}) {
      Result result = run("schedules", command, file, "nope", "--json");
      assertThat(result.code()).as(command).isEqualTo(1);
      assertThat(result.line()).contains("no schedule nope").contains("HNK-CLI-NOT-FOUND");
    }
    assertThat(run("schedules", "pause", file).code()).isEqualTo(2);
  }

  @Test
  void locks_heldAndExpired_listsTheHeldOnes() throws Exception {
    TestDatabase.execute(
        file,
        "INSERT INTO _honker_locks VALUES ('held', 'me', unixepoch() + 5000)",
        "INSERT INTO _honker_locks VALUES ('stale', 'you', unixepoch() - 5)");

    assertThat(run("locks", file).ok().out())
        .hasSize(4)
        .anyMatch(line -> line.matches("held +me +\\S+Z +(5000|4\\d{3})"));
    assertThat(run("locks", file, "--all", "--json").ok().line())
        .startsWith("[{\"name\":\"held\",\"owner\":\"me\",\"expires_at\":\"")
        .contains("{\"name\":\"stale\",\"owner\":\"you\"")
        .endsWith("\"left_s\":0}]");
    assertThat(run("locks").code()).isEqualTo(2);
  }
}
