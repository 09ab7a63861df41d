package io.honker.sqlite;

import io.honker.error.HonkerConfigurationException;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How the SQLite store works on its file (rule F-3).
 *
 * <p>Each option has a name under which {@code Honker.builder(..).storeOption(name, value)} takes
 * it as text: {@code synchronous}, {@code readers}, {@code writerTimeout}, {@code
 * walAutocheckpoint}, {@code maxWriterHold}.
 *
 * <p>Immutable.
 *
 * @since 0.1.0
 */
public final class SqliteOptions {

  /** What a commit waits for. */
  public enum Synchronous {
    /**
     * The operating system has the data: no commit is lost when a process dies, the last ones may
     * be when the power fails. The default.
     */
    NORMAL,
    /** The disk has the data: no commit is lost when the power fails. */
    FULL
  }

  private final Synchronous synchronous;
  private final int readers;
  private final Duration writerTimeout;
  private final int walAutocheckpoint;
  private final @Nullable Duration maxWriterHold;

  private SqliteOptions(Builder builder) {
    this.synchronous = builder.synchronous;
    this.readers = builder.readers;
    this.writerTimeout = builder.writerTimeout;
    this.walAutocheckpoint = builder.walAutocheckpoint;
    this.maxWriterHold = builder.maxWriterHold;
  }

  /**
   * Returns the defaults: NORMAL, 4 readers, 30 s writer timeout, checkpoints every 10,000 pages.
   *
   * @return default options
   */
  public static SqliteOptions defaults() {
    return builder().build();
  }

  /**
   * Starts from the defaults.
   *
   * @return a new builder
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Starts from these options.
   *
   * @return a new builder
   */
  public Builder toBuilder() {
    Builder builder =
        builder()
            .synchronous(synchronous)
            .readers(readers)
            .writerTimeout(writerTimeout)
            .walAutocheckpoint(walAutocheckpoint);
    builder.maxWriterHold = maxWriterHold;
    return builder;
  }

  /**
   * Reads options from their names and texts.
   *
   * @param texts the options by name
   * @return the options
   * @throws HonkerConfigurationException if a name is unknown or a value does not fit, listing all
   */
  public static SqliteOptions parse(Map<String, String> texts) {
    List<String> problems = new ArrayList<>();
    Builder builder = builder();
    new TreeMap<>(texts)
        .forEach(
            (name, value) -> {
              try {
                builder.set(name, value);
              } catch (IllegalArgumentException | DateTimeParseException e) {
                problems.add("option " + name + " = \"" + value + "\": " + e.getMessage());
              }
            });
    problems.addAll(builder.problems());
    if (!problems.isEmpty()) {
      throw new HonkerConfigurationException(problems, null);
    }
    return new SqliteOptions(builder);
  }

  /**
   * Returns what a commit waits for.
   *
   * @return the durability of commits
   */
  public Synchronous synchronous() {
    return synchronous;
  }

  /**
   * Returns how many read-only connections the pool opens at most.
   *
   * @return at least 1
   */
  public int readers() {
    return readers;
  }

  /**
   * Returns how long a writer waits for its turn, and for other processes, before it gives up.
   *
   * @return a positive duration
   */
  public Duration writerTimeout() {
    return writerTimeout;
  }

  /**
   * Returns after how many pages in the write-ahead log a commit also checkpoints.
   *
   * @return pages; 0 leaves checkpoints to others, such as Litestream
   */
  public int walAutocheckpoint() {
    return walAutocheckpoint;
  }

  /**
   * Returns how long a connection of the data source may hold the writer.
   *
   * @return a positive duration, empty for no limit
   */
  public Optional<Duration> maxWriterHold() {
    return Optional.ofNullable(maxWriterHold);
  }

  /**
   * Returns the options by name, for comparison and display.
   *
   * @return an unmodifiable map
   */
  public Map<String, Object> asMap() {
    Map<String, Object> options = new TreeMap<>();
    options.put("synchronous", synchronous);
    options.put("readers", readers);
    options.put("writerTimeout", writerTimeout);
    options.put("walAutocheckpoint", walAutocheckpoint);
    if (maxWriterHold != null) {
      options.put("maxWriterHold", maxWriterHold);
    }
    return Collections.unmodifiableMap(options);
  }

  @Override
  public String toString() {
    return "SqliteOptions" + asMap();
  }

  /**
   * Collects options. Not thread-safe. {@link #build} reports every problem at once.
   *
   * @since 0.1.0
   */
  public static final class Builder {

    private Synchronous synchronous = Synchronous.NORMAL;
    private int readers = 4;
    private Duration writerTimeout = Duration.ofSeconds(30);
    private int walAutocheckpoint = 10_000;
    private @Nullable Duration maxWriterHold;

    private Builder() {}

    /**
     * Sets what a commit waits for.
     *
     * @param mode default {@link Synchronous#NORMAL}
     * @return this builder
     */
    public Builder synchronous(Synchronous mode) {
      this.synchronous = Objects.requireNonNull(mode, "mode");
      return this;
    }

    /**
     * Sets how many read-only connections the pool opens at most.
     *
     * @param connections from 1 to 100; default 4
     * @return this builder
     */
    public Builder readers(int connections) {
      this.readers = connections;
      return this;
    }

    /**
     * Sets how long a writer waits before it gives up with a retryable error.
     *
     * @param timeout positive; default 30 s
     * @return this builder
     */
    public Builder writerTimeout(Duration timeout) {
      this.writerTimeout = Objects.requireNonNull(timeout, "timeout");
      return this;
    }

    /**
     * Sets after how many pages in the write-ahead log a commit also checkpoints.
     *
     * @param pages not negative; 0 for never; default 10,000
     * @return this builder
     */
    public Builder walAutocheckpoint(int pages) {
      this.walAutocheckpoint = pages;
      return this;
    }

    /**
     * Limits how long a connection of the data source may hold the writer: after that its
     * transaction is rolled back at its next statement, or when somebody waits for the writer. Who
     * waits looks once a second and leaves a holder alone whose statement runs, so that the writer
     * may come a second after the limit, or after the statement's end.
     *
     * @param limit positive; default none
     * @return this builder
     */
    public Builder maxWriterHold(Duration limit) {
      this.maxWriterHold = Objects.requireNonNull(limit, "limit");
      return this;
    }

    private void set(String name, String value) {
      switch (name) {
        case "synchronous" -> synchronous(Synchronous.valueOf(value.toUpperCase(Locale.ROOT)));
        case "readers" -> readers(Integer.parseInt(value));
        case "writerTimeout" -> writerTimeout(Duration.parse(value));
        case "maxWriterHold" -> maxWriterHold(Duration.parse(value));
        case "walAutocheckpoint" -> walAutocheckpoint(Integer.parseInt(value));
        default ->
            throw new IllegalArgumentException(
                "unknown; known are synchronous (NORMAL, FULL), readers, writerTimeout (such as"
                    + " PT30S), walAutocheckpoint, maxWriterHold");
      }
    }

    private List<String> problems() {
      List<String> problems = new ArrayList<>();
      if (readers < 1 || readers > 100) {
        problems.add("readers must be from 1 to 100, not " + readers);
      }
      if (writerTimeout.isNegative() || writerTimeout.isZero()) {
        problems.add("writerTimeout must be positive, not " + writerTimeout);
      }
      if (maxWriterHold != null && (maxWriterHold.isNegative() || maxWriterHold.isZero())) {
        problems.add("maxWriterHold must be positive, not " + maxWriterHold);
      }
      if (walAutocheckpoint < 0) {
        problems.add("walAutocheckpoint must not be negative, but is " + walAutocheckpoint);
      }
      return problems;
    }

    /**
     * Makes the options.
     *
     * @return the options
     * @throws HonkerConfigurationException if a value is out of range, listing all of them
     */
    public SqliteOptions build() {
      List<String> problems = problems();
      if (!problems.isEmpty()) {
        throw new HonkerConfigurationException(problems, null);
      }
      return new SqliteOptions(this);
    }
  }
}
