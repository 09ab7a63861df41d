package io.honker.channel;

import io.honker.internal.Checks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Which notifications {@link Notifications#prune} deletes. Two conditions delete what meets either.
 *
 * <p>Immutable.
 *
 * @since 0.1.0
 */
public final class PruneOptions {

  private final @Nullable Duration olderThan;
  private final long keepLatest;

  private PruneOptions(Builder builder) {
    this.olderThan = builder.olderThan;
    this.keepLatest = builder.keepLatest;
  }

  /**
   * Starts without a condition.
   *
   * @return a new builder
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Returns the age beyond which notifications go.
   *
   * @return the age, empty for no such condition
   */
  public Optional<Duration> olderThan() {
    return Optional.ofNullable(olderThan);
  }

  /**
   * Returns how many of the newest notifications of all channels stay.
   *
   * @return the count, empty for no such condition
   */
  public OptionalLong keepLatest() {
    return keepLatest < 0 ? OptionalLong.empty() : OptionalLong.of(keepLatest);
  }

  /**
   * Collects options. Not thread-safe. {@link #build} reports every problem at once.
   *
   * @since 0.1.0
   */
  public static final class Builder {

    private @Nullable Duration olderThan;
    private long keepLatest = -1;
    private final List<String> problems = new ArrayList<>();

    private Builder() {}

    /**
     * Deletes notifications older than an age.
     *
     * @param age not negative; fractions of a second round up
     * @return this builder
     */
    public Builder olderThan(Duration age) {
      Checks.notNegative(problems, "olderThan", Objects.requireNonNull(age, "age"));
      this.olderThan = age;
      return this;
    }

    /**
     * Deletes all notifications but the newest, counted over all channels and not by their ids.
     *
     * @param notifications how many stay, not negative
     * @return this builder
     */
    public Builder keepLatest(long notifications) {
      if (notifications < 0) {
        problems.add("keepLatest must not be negative, but is " + notifications);
      }
      this.keepLatest = notifications;
      return this;
    }

    /**
     * Makes the options.
     *
     * @return the options
     * @throws IllegalArgumentException if a value is out of range or there is no condition, listing
     *     all problems
     */
    public PruneOptions build() {
      List<String> all = new ArrayList<>(problems);
      if (olderThan == null && keepLatest < 0 && all.isEmpty()) {
        all.add("give a condition: olderThan or keepLatest");
      }
      Checks.throwIfAny(all);
      return new PruneOptions(this);
    }
  }
}
