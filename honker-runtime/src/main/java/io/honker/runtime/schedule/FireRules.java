package io.honker.runtime.schedule;

import io.honker.observe.HonkerEvent;
import io.honker.runtime.cron.CronExpression;
import io.honker.runtime.engine.Engine;
import io.honker.runtime.store.ScheduleRow;
import io.honker.runtime.store.ScheduleRow.OwnRules;
import io.honker.schedule.CatchUp;
import io.honker.schedule.DstRule;
import io.honker.schedule.Schedule;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads the rules of stored schedules. Others write the same rows, so that any of them may be
 * unreadable; that is told to the observer once for each content (rule C-5).
 */
final class FireRules {

  /** Far more than anybody has; a bound all the same. */
  private static final int MOST = 50_000;

  private final Engine engine;
  private final Map<String, CronExpression> shared = new ConcurrentHashMap<>();
  private final Map<String, CronExpression> own = new ConcurrentHashMap<>();
  private final Map<String, String> told = new ConcurrentHashMap<>();

  FireRules(Engine engine) {
    this.engine = engine;
  }

  /** The rule of a schedule that is to be stored. */
  static FireRule of(Schedule schedule) {
    return new FireRule(
        CronExpression.of(schedule.expression()),
        schedule.zone().orElse(null),
        schedule.dstRule(),
        schedule.catchUp());
  }

  /**
   * The rule of a stored schedule.
   *
   * @throws IllegalArgumentException if it cannot be read
   */
  FireRule read(ScheduleRow row) {
    if (!row.sound()) {
      throw new IllegalArgumentException("a column holds a value of the wrong type");
    }
    OwnRules rules = row.own();
    if (rules == null) {
      CronExpression expression = parse(shared, row.expression(), CronExpression::honker);
      return new FireRule(expression, null, DstRule.standard(), CatchUp.all());
    }
    CronExpression expression = parse(own, row.expression(), CronExpression::of);
    return new FireRule(expression, zone(rules), dstRule(rules), catchUp(rules));
  }

  /**
   * The rule of a new expression with rules that stay.
   *
   * @throws IllegalArgumentException if one of them cannot be read
   */
  static FireRule ruleOf(String expression, @Nullable OwnRules rules) {
    CronExpression parsed = CronExpression.of(expression);
    return rules == null
        ? new FireRule(parsed, null, DstRule.standard(), CatchUp.all())
        : new FireRule(parsed, zone(rules), dstRule(rules), catchUp(rules));
  }

  private static CronExpression parse(
      Map<String, CronExpression> known, String text, Function<String, CronExpression> parser) {
    CronExpression expression = known.get(text);
    if (expression == null) {
      expression = parser.apply(text);
      clearIfFull(known);
      known.put(text, expression);
    }
    return expression;
  }

  private static void clearIfFull(Map<?, ?> map) {
    if (map.size() >= MOST) {
      map.clear();
    }
  }

  static @Nullable ZoneId zone(OwnRules rules) {
    String zone = rules.zone();
    try {
      return zone == null ? null : ZoneId.of(zone);
    } catch (DateTimeException e) {
      throw new IllegalArgumentException("this JVM knows no time zone \"" + zone + "\"", e);
    }
  }

  static DstRule dstRule(OwnRules rules) {
    return DstRule.standard()
        .gap(DstRule.Gap.valueOf(rules.gap()))
        .overlap(DstRule.Overlap.valueOf(rules.overlap()));
  }

  static CatchUp catchUp(OwnRules rules) {
    return switch (CatchUp.Kind.valueOf(rules.catchUp())) {
      case ALL -> CatchUp.all(rules.cap());
      case LATEST -> CatchUp.latest();
      case NONE -> CatchUp.none(Duration.ofSeconds(rules.graceSeconds()));
    };
  }

  /** Does something with a row's rule; empty, and told to the observer, if that is impossible. */
  <R> Optional<R> apply(ScheduleRow row, Function<FireRule, R> use) {
    try {
      R result = use.apply(read(row));
      told.remove(row.name());
      return Optional.of(result);
    } catch (IllegalArgumentException | ArithmeticException | DateTimeException e) {
      tell(row, String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  private void tell(ScheduleRow row, String reason) {
    String content = row.expression() + '\n' + row.own() + '\n' + reason;
    clearIfFull(told);
    if (!content.equals(told.put(row.name(), content))) {
      engine.observe(
          () -> new HonkerEvent.ScheduleUnreadable(row.name(), row.expression(), reason));
    }
  }
}
