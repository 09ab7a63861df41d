package io.honker.schedule;

import io.honker.internal.Checks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * What to change of a registered schedule; what is not set stays. To change the zone or a rule,
 * register the schedule again.
 *
 * <p>Immutable.
 *
 * @since 0.1.0
 */
public final class ScheduleUpdate {

  private final @Nullable String expression;
  private final @Nullable String queue;
  private final @Nullable Object payload;
  private final boolean setsPayload;
  private final @Nullable Integer priority;
  private final @Nullable Integer maxAttempts;
  private final @Nullable Duration expiresAfter;
  private final boolean setsExpiry;

  private ScheduleUpdate(Builder builder) {
    this.expression = builder.expression;
    this.queue = builder.queue;
    this.payload = builder.payload;
    this.setsPayload = builder.setsPayload;
    this.priority = builder.priority;
    this.maxAttempts = builder.maxAttempts;
    this.expiresAfter = builder.expiresAfter;
    this.setsExpiry = builder.setsExpiry;
  }

  /**
   * Starts without a change.
   *
   * @return a new builder
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Returns the new expression.
   *
   * @return the expression, empty for no change
   */
  public Optional<String> expression() {
    return Optional.ofNullable(expression);
  }

  /**
   * Returns the new queue.
   *
   * @return the queue, empty for no change
   */
  public Optional<String> queue() {
    return Optional.ofNullable(queue);
  }

  /**
   * Tells whether the payload changes.
   *
   * @return whether {@link #payload} counts
   */
  public boolean setsPayload() {
    return setsPayload;
  }

  /**
   * Returns the new payload.
   *
   * @return the payload; null is written as JSON null
   */
  public @Nullable Object payload() {
    return payload;
  }

  /**
   * Returns the new priority.
   *
   * @return the priority, empty for no change
   */
  public OptionalInt priority() {
    return priority == null ? OptionalInt.empty() : OptionalInt.of(priority);
  }

  /**
   * Returns the new number of attempts.
   *
   * @return the attempts, empty for no change
   */
  public OptionalInt maxAttempts() {
    return maxAttempts == null ? OptionalInt.empty() : OptionalInt.of(maxAttempts);
  }

  /**
   * Tells whether the expiry changes.
   *
   * @return whether {@link #expiresAfter} counts
   */
  public boolean setsExpiry() {
    return setsExpiry;
  }

  /**
   * Returns the new expiry.
   *
   * @return the expiry, empty for never
   */
  public Optional<Duration> expiresAfter() {
    return Optional.ofNullable(expiresAfter);
  }

  /**
   * Collects changes. Not thread-safe. {@link #build} reports every problem at once.
   *
   * @since 0.1.0
   */
  public static final class Builder {

    private @Nullable String expression;
    private @Nullable String queue;
    private @Nullable Object payload;
    private boolean setsPayload;
    private @Nullable Integer priority;
    private @Nullable Integer maxAttempts;
    private @Nullable Duration expiresAfter;
    private boolean setsExpiry;

    private Builder() {}

    /**
     * Changes the expression. The next fire time is counted anew from now.
     *
     * @param expression the new expression, never null
     * @return this builder
     */
    public Builder expression(String expression) {
      this.expression = Objects.requireNonNull(expression, "expression");
      return this;
    }

    /**
     * Changes the queue its jobs go to.
     *
     * @param queue the new queue, not blank
     * @return this builder
     */
    public Builder queue(String queue) {
      this.queue = Objects.requireNonNull(queue, "queue");
      return this;
    }

    /**
     * Changes the payload of its jobs.
     *
     * @param payload the new payload; null is written as JSON null
     * @return this builder
     */
    public Builder payload(@Nullable Object payload) {
      this.payload = payload;
      this.setsPayload = true;
      return this;
    }

    /**
     * Changes the priority of its jobs.
     *
     * @param priority higher first
     * @return this builder
     */
    public Builder priority(int priority) {
      this.priority = priority;
      return this;
    }

    /**
     * Changes how many attempts its jobs get.
     *
     * @param attempts at least 1
     * @return this builder
     */
    public Builder maxAttempts(int attempts) {
      this.maxAttempts = attempts;
      return this;
    }

    /**
     * Changes after how long a job that has not begun is no longer wanted.
     *
     * @param duration positive; fractions of a second round up
     * @return this builder
     */
    public Builder expiresAfter(Duration duration) {
      this.expiresAfter = Objects.requireNonNull(duration, "duration");
      this.setsExpiry = true;
      return this;
    }

    /**
     * Lets its jobs never expire.
     *
     * @return this builder
     */
    public Builder neverExpires() {
      this.expiresAfter = null;
      this.setsExpiry = true;
      return this;
    }

    /**
     * Makes the update.
     *
     * @return the update
     * @throws IllegalArgumentException if a value is out of range, listing all of them
     */
    public ScheduleUpdate build() {
      List<String> problems = new ArrayList<>();
      if (expression != null) {
        Checks.notBlank(problems, "expression", expression);
      }
      if (queue != null) {
        Checks.notBlank(problems, "queue", queue);
      }
      if (maxAttempts != null) {
        Checks.atLeast(problems, "maxAttempts", maxAttempts, 1);
      }
      if (expiresAfter != null) {
        Checks.positive(problems, "expiresAfter", expiresAfter);
      }
      Checks.throwIfAny(problems);
      return new ScheduleUpdate(this);
    }
  }
}
