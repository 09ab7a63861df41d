package io.honker.stream;

/**
 * Where reading begins.
 *
 * <p>Immutable.
 *
 * @since 0.1.0
 */
public final class StreamPosition {

  private static final StreamPosition BEGINNING = new StreamPosition(0);
  private static final StreamPosition END = new StreamPosition(Long.MAX_VALUE);

  private final long after;

  private StreamPosition(long after) {
    this.after = after;
  }

  /**
   * Before the first event that is still stored.
   *
   * @return the position
   */
  public static StreamPosition beginning() {
    return BEGINNING;
  }

  /**
   * After the last event that is committed when reading begins.
   *
   * @return the position
   */
  public static StreamPosition end() {
    return END;
  }

  /**
   * After an offset.
   *
   * @param offset the offset of the last event not to be read, not negative
   * @return the position
   */
  public static StreamPosition after(long offset) {
    if (offset < 0) {
      throw new IllegalArgumentException("offset must not be negative, but is " + offset);
    }
    return new StreamPosition(offset);
  }

  /**
   * Tells whether this is {@link #end}.
   *
   * @return true for the end
   */
  public boolean isEnd() {
    return after == Long.MAX_VALUE;
  }

  /**
   * Returns the offset after which reading begins.
   *
   * @return the offset, 0 for the beginning, {@link Long#MAX_VALUE} for the end
   */
  public long offset() {
    return after;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof StreamPosition position && position.after == after;
  }

  @Override
  public int hashCode() {
    return Long.hashCode(after);
  }

  @Override
  public String toString() {
    return isEnd() ? "end" : "after " + after;
  }
}
