package io.honker.sqlite.functions;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The checked arguments of one call, by position, and the call's one <em>now</em>. */
final class Arguments {

  private final @Nullable Object[] values;
  private final long now;

  Arguments(@Nullable Object[] values, long now) {
    this.values = values;
    this.now = now;
  }

  /** The call's now, in unix seconds. */
  long now() {
    return now;
  }

  String text(int index) {
    return Objects.requireNonNull(textOrNull(index));
  }

  @Nullable String textOrNull(int index) {
    return (String) values[index];
  }

  long integer(int index) {
    return Objects.requireNonNull(integerOrNull(index));
  }

  @Nullable Long integerOrNull(int index) {
    return (Long) values[index];
  }
}
