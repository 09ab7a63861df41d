package io.honker.lab.cron;

import static org.assertj.core.api.Assertions.assertThat;

import io.honker.lab.cron.RealHonker.Question;
import io.honker.runtime.cron.CronExpression;
import io.honker.tck.Rule;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The same next times and the same refusals as the real honker's, over random expressions. */
class CronAgreementTest {

  private static final int AT_ONCE = 1000;

  private final long seed = Long.getLong("honker.seed", System.nanoTime());
  private final Random random = new Random(seed);
  private final RandomExpressions expressions = new RandomExpressions(random);

  @TempDir Path folder;

  private static String ours(Question question, ZoneId zone) {
    try {
      CronExpression expression = CronExpression.honker(question.expression());
      return Long.toString(expression.sharedNext(question.from(), zone));
    } catch (IllegalArgumentException e) {
      return e.getMessage();
    }
  }

  private static boolean isTime(String outcome) {
    return outcome.matches("-?\\d+");
  }

  /** Those that we refuse are asked one by one, because a refusal ends a batch. */
  private void agree(RealHonker honker, ZoneId zone, List<Question> questions) {
    List<Question> timed = new ArrayList<>();
    List<Question> refused = new ArrayList<>();
    questions.forEach(q -> (isTime(ours(q, zone)) ? timed : refused).add(q));
    for (int start = 0; start < timed.size(); start += AT_ONCE) {
      List<Question> some = timed.subList(start, Math.min(timed.size(), start + AT_ONCE));
      check(zone, some, honker.next(some));
    }
    check(zone, refused, honker.outcomes(refused));
  }

  private void check(ZoneId zone, List<Question> questions, List<String> honkers) {
    assertThat(honkers).hasSameSizeAs(questions);
    List<String> differences = new ArrayList<>();
    for (int i = 0; i < questions.size(); i++) {
      Question question = questions.get(i);
      String ours = ours(question, zone);
      if (!ours.equals(honkers.get(i))) {
        differences.add(printable(question + ": ours " + ours + ", honker's " + honkers.get(i)));
      }
    }
    assertThat(differences).as("differences in %s, seed %d", zone, seed).isEmpty();
  }

  /** Surefire cuts messages at odd characters. */
  private static String printable(String text) {
    StringBuilder printable = new StringBuilder();
    text.chars()
        .forEach(
            c -> printable.append(c >= 32 && c < 127 ? "" + (char) c : String.format("<%x>", c)));
    return printable.toString();
  }

  private List<Question> questions(int count, Supplier<String> expression, Supplier<Long> from) {
    List<Question> questions = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      questions.add(new Question(expression.get(), from.get()));
    }
    return questions;
  }

  private long between(int firstYear, int lastYear) {
    long first = LocalDateTime.of(firstYear, 1, 1, 0, 0).toEpochSecond(ZoneOffset.UTC);
    long end = LocalDateTime.of(lastYear + 1, 1, 1, 0, 0).toEpochSecond(ZoneOffset.UTC);
    return first + Math.floorMod(random.nextLong(), end - first);
  }

  /** Within four hours of a change of the clock, some of them on a boundary. */
  private long nearChange(ZoneRules rules) {
    ZoneOffsetTransition change = rules.nextTransition(Instant.ofEpochSecond(between(1990, 2060)));
    int quarters = random.nextInt(32) - 16;
    int jitter = random.nextBoolean() ? 0 : random.nextInt(900);
    return change.toEpochSecond() + quarters * 900L + jitter;
  }

  @Rule(id = "C-1")
  void sharedNext_inUtc_isHonkers() throws Exception {
    try (RealHonker honker = RealHonker.start(folder, "UTC")) {
      agree(
          honker,
          ZoneOffset.UTC,
          questions(20_000, expressions::honkers, () -> between(1970, 2120)));
      agree(
          honker,
          ZoneOffset.UTC,
          questions(2_000, expressions::honkers, () -> between(-2000, 20_000)));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"Europe/Berlin", "America/New_York"})
  void sharedNext_inAZoneWithDst_isHonkers(String zone) throws Exception {
    ZoneId id = ZoneId.of(zone);
    try (RealHonker honker = RealHonker.start(folder, zone)) {
      agree(honker, id, questions(4_000, expressions::honkers, () -> between(1990, 2060)));
      agree(honker, id, questions(2_000, expressions::daily, () -> between(1990, 2060)));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"Europe/Berlin", "America/New_York", "Australia/Lord_Howe"})
  void sharedNext_aroundAChangeOfTheClock_isHonkers(String zone) throws Exception {
    ZoneId id = ZoneId.of(zone);
    try (RealHonker honker = RealHonker.start(folder, zone)) {
      agree(honker, id, questions(6_000, expressions::daily, () -> nearChange(id.getRules())));
      agree(honker, id, questions(2_000, expressions::honkers, () -> nearChange(id.getRules())));
    }
  }

  @Test
  void honker_whenDamaged_refusesInTheSameWords() throws Exception {
    try (RealHonker honker = RealHonker.start(folder, "UTC")) {
      List<Question> questions = questions(6_000, expressions::damaged, () -> between(1970, 2120));
      agree(honker, ZoneOffset.UTC, questions);
      assertThat(questions)
          .as("damaged ones, seed %d", seed)
          .filteredOn(q -> !isTime(ours(q, ZoneOffset.UTC)))
          .hasSizeGreaterThan(2_000);
    }
  }

  @Test
  void sharedNext_atTheEdges_isHonkers() throws Exception {
    long[] edges = {
      0,
      -1,
      59,
      60,
      -62_135_596_800L,
      -62_167_219_200L,
      -62_167_219_201L,
      -8_334_601_228_800L,
      -8_334_601_228_801L,
      253_402_300_799L,
      8_207_000_000_000L,
      8_210_266_876_800L
    };
    List<Question> questions = new ArrayList<>();
    for (long edge : edges) {
      for (String expression :
          List.of(
              "* * * * *", "0 0 29 2 1", "@every 1d", "@every 106751991167300d", "0 0 31 2 *")) {
        questions.add(new Question(expression, edge));
      }
    }
    try (RealHonker honker = RealHonker.start(folder, "UTC")) {
      agree(honker, ZoneOffset.UTC, questions);
    }
  }
}
