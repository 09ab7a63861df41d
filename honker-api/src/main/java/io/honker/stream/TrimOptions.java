package io.honker.stream;

import io.honker.internal.Checks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Which events {@link EventStream#trim} deletes. Several conditions delete what meets any of them.
 *
 * <p>Immutable.
 *
 * @since 0.1.0
 */
public final class TrimOptions {

  private final @Nullable Duration olderThan;
  private final long keepLatest;
  private final boolean readByAll;
  private final boolean evenUnread;

  private TrimOptions(Builder builder) {
    this.olderThan = builder.olderThan;
    this.keepLatest = builder.keepLatest;
    this.readByAll = builder.readByAll;
    this.evenUnread = builder.evenUnread;
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
   * Returns the age beyond which events go.
   *
   * @return the age, empty for no such condition
   */
  public Optional<Duration> olderThan() {
    return Optional.ofNullable(olderThan);
  }

  /**
   * Returns how many of the newest events stay.
   *
   * @return the count, empty for no such condition
   */
  public OptionalLong keepLatest() {
    return keepLatest < 0 ? OptionalLong.empty() : OptionalLong.of(keepLatest);
  }

  /**
   * Tells whether events go that every known consumer has done.
   *
   * @return whether that is a condition
   */
  public boolean readByAll() {
    return readByAll;
  }

  /**
   * Tells whether events go that a known consumer has not done yet.
   *
   * @return whether consumers are ignored
   */
  public boolean evenUnread() {
    return evenUnread;
  }

  /**
   * Collects options. Not thread-safe. {@link #build} reports every problem at once.
   *
   * @since 0.1.0
   */
  public static final class Builder {

    private @Nullable Duration olderThan;
    private long keepLatest = -1;
    private boolean readByAll;
    private boolean evenUnread;
    private final List<String> problems = new ArrayList<>();

    private Builder() {}

    /**
     * Deletes events older than an age.
     *
     * @param age not negative
     * @return this builder
     */
    public Builder olderThan(Duration age) {
      Checks.notNegative(problems, "olderThan", Objects.requireNonNull(age, "age"));
      this.olderThan = age;
      return this;
    }

    /**
     * Deletes all events but the newest.
     *
     * @param events how many stay, not negative
     * @return this builder
     */
    public Builder keepLatest(long events) {
      if (events < 0) {
        problems.add("keepLatest must not be negative, but is " + events);
      }
      this.keepLatest = events;
      return this;
    }

    /**
     * Deletes events that every known consumer has done. Without a known consumer, none.
     *
     * @return this builder
     */
    public Builder readByAll() {
      this.readByAll = true;
      return this;
    }

    /**
     * Deletes also what a known consumer has not done yet; it will never see these events.
     *
     * @return this builder
     */
    public Builder evenUnread() {
      this.evenUnread = true;
      return this;
    }

    /**
     * Makes the options.
     *
     * @return the options
     * @throws IllegalArgumentException if a value is out of range or there is no condition, listing
     *     all problems
     */
    public TrimOptions build() {
      List<String> all = new ArrayList<>(problems);
      if (olderThan == null && keepLatest < 0 && !readByAll && all.isEmpty()) {
        all.add("give a condition: olderThan, keepLatest or readByAll");
      }
      Checks.throwIfAny(all);
      return new TrimOptions(this);
    }
  }
}
