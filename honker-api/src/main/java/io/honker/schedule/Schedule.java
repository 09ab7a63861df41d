package io.honker.schedule;

import io.honker.internal.Checks;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * When to enqueue which job, again and again.
 *
 * <pre>{@code
 * Schedule report = Schedule.cron("nightly-report", "0 3 * * *", "reports")
 *     .payload(new Report("sales"))
 *     .zone(ZoneId.of("Europe/Berlin"))
 *     .build();
 * honker.scheduler().register(report);
 * }</pre>
 *
 * <p>Expressions have five fields (minute, hour, day of month, month, day of week) or six (seconds
 * first), with lists, ranges, steps and names; day of month <em>and</em> day of week must match.
 * Macros such as {@code @daily} stand for the usual expressions. See docs/spec.md, rule C-1.
 *
 * <p>Immutable.
 *
 * @since 0.1.0
 */
public final class Schedule {

  private final String name;
  private final String expression;
  private final String queue;
  private final @Nullable Object payload;
  private final int priority;
  private final int maxAttempts;
  private final @Nullable Duration expiresAfter;
  private final @Nullable ZoneId zone;
  private final DstRule dstRule;
  private final CatchUp catchUp;

  private Schedule(Builder builder) {
    this.name = builder.name;
    this.expression = builder.expression;
    this.queue = builder.queue;
    this.payload = builder.payload;
    this.priority = builder.priority;
    this.maxAttempts = builder.maxAttempts;
    this.expiresAfter = builder.expiresAfter;
    this.zone = builder.zone;
    this.dstRule = builder.dstRule;
    this.catchUp = builder.catchUp;
  }

  /**
   * Starts a schedule by a cron expression.
   *
   * @param name the schedule's name, unique in the database, not blank
   * @param expression the expression; checked when it is registered
   * @param queue the queue its jobs go to, not blank
   * @return a new builder
   */
  public static Builder cron(String name, String expression, String queue) {
    return new Builder(name, expression, queue);
  }

  /**
   * Starts a schedule by an interval, counted from its registration and then from each fire time.
   *
   * @param name the schedule's name, unique in the database, not blank
   * @param interval whole seconds, at least one
   * @param queue the queue its jobs go to, not blank
   * @return a new builder
   */
  public static Builder every(String name, Duration interval, String queue) {
    if (interval.toNanosPart() != 0 || interval.toSeconds() < 1) {
      throw new IllegalArgumentException(
          "interval must be whole seconds and at least one, not " + interval);
    }
    return new Builder(name, "@every " + interval.toSeconds() + "s", queue);
  }

  /**
   * Returns the schedule's name.
   *
   * @return the name
   */
  public String name() {
    return name;
  }

  /**
   * Returns the cron expression, or {@code @every} with seconds.
   *
   * @return the expression
   */
  public String expression() {
    return expression;
  }

  /**
   * Returns the queue its jobs go to.
   *
   * @return the queue
   */
  public String queue() {
    return queue;
  }

  /**
   * Returns the payload of its jobs.
   *
   * @return the payload; null is written as JSON null
   */
  public @Nullable Object payload() {
    return payload;
  }

  /**
   * Returns the priority of its jobs.
   *
   * @return the priority, higher first
   */
  public int priority() {
    return priority;
  }

  /**
   * Returns how many attempts its jobs get.
   *
   * @return at least 1
   */
  public int maxAttempts() {
    return maxAttempts;
  }

  /**
   * Returns after how long a job that has not begun is no longer wanted.
   *
   * @return a duration, empty for never
   */
  public Optional<Duration> expiresAfter() {
    return Optional.ofNullable(expiresAfter);
  }

  /**
   * Returns the time zone the expression is meant in.
   *
   * @return the zone, empty for the system's zone of whoever schedules
   */
  public Optional<ZoneId> zone() {
    return Optional.ofNullable(zone);
  }

  /**
   * Returns what happens when clocks change.
   *
   * @return the rule
   */
  public DstRule dstRule() {
    return dstRule;
  }

  /**
   * Returns what becomes of missed fire times.
   *
   * @return the policy
   */
  public CatchUp catchUp() {
    return catchUp;
  }

  /**
   * Collects a schedule. Not thread-safe. {@link #build} reports every problem at once.
   *
   * @since 0.1.0
   */
  public static final class Builder {

    private final String name;
    private final String expression;
    private final String queue;
    private @Nullable Object payload;
    private int priority;
    private int maxAttempts = 3;
    private @Nullable Duration expiresAfter;
    private @Nullable ZoneId zone;
    private DstRule dstRule = DstRule.standard();
    private CatchUp catchUp = CatchUp.all();

    private Builder(String name, String expression, String queue) {
      this.name = Objects.requireNonNull(name, "name");
      this.expression = Objects.requireNonNull(expression, "expression");
      this.queue = Objects.requireNonNull(queue, "queue");
    }

    /**
     * Sets the payload of its jobs.
     *
     * @param payload written as JSON when the schedule is registered; default null
     * @return this builder
     */
    public Builder payload(@Nullable Object payload) {
      this.payload = payload;
      return this;
    }

    /**
     * Sets the priority of its jobs.
     *
     * @param priority higher first; default 0
     * @return this builder
     */
    public Builder priority(int priority) {
      this.priority = priority;
      return this;
    }

    /**
     * Sets how many attempts its jobs get.
     *
     * @param attempts at least 1; default 3
     * @return this builder
     */
    public Builder maxAttempts(int attempts) {
      this.maxAttempts = attempts;
      return this;
    }

    /**
     * Sets after how long a job that has not begun is no longer wanted.
     *
     * @param duration positive; fractions of a second round up; default never
     * @return this builder
     */
    public Builder expiresAfter(Duration duration) {
      this.expiresAfter = Objects.requireNonNull(duration, "duration");
      return this;
    }

    /**
     * Sets the time zone the expression is meant in. Such a schedule is fired by this library only;
     * honker's other bindings do not see it.
     *
     * @param zone default the system's zone of whoever schedules
     * @return this builder
     */
    public Builder zone(ZoneId zone) {
      this.zone = Objects.requireNonNull(zone, "zone");
      return this;
    }

    /**
     * Sets what happens when clocks change. A schedule with a rule that is not the default is fired
     * by this library only.
     *
     * @param rule default {@link DstRule#standard}
     * @return this builder
     */
    public Builder dstRule(DstRule rule) {
      this.dstRule = Objects.requireNonNull(rule, "rule");
      return this;
    }

    /**
     * Sets what becomes of missed fire times. A schedule with a policy that is not the default is
     * fired by this library only.
     *
     * @param policy default {@link CatchUp#all()}
     * @return this builder
     */
    public Builder catchUp(CatchUp policy) {
      this.catchUp = Objects.requireNonNull(policy, "policy");
      return this;
    }

    /**
     * Makes the schedule.
     *
     * @return the schedule
     * @throws IllegalArgumentException if a value is out of range, listing all of them
     */
    public Schedule build() {
      List<String> problems = new ArrayList<>();
      Checks.notBlank(problems, "name", name);
      Checks.notBlank(problems, "expression", expression);
      Checks.notBlank(problems, "queue", queue);
      Checks.atLeast(problems, "maxAttempts", maxAttempts, 1);
      if (expiresAfter != null) {
        Checks.positive(problems, "expiresAfter", expiresAfter);
      }
      Checks.throwIfAny(problems);
      return new Schedule(this);
    }
  }
}
