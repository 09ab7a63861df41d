package io.honker.task;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The arguments to call a task with: positional ones, and ones by keyword. Values are written as
 * JSON.
 *
 * <p>Immutable.
 *
 * @since 0.1.0
 */
public final class TaskArguments {

  private final List<@Nullable Object> positional;
  private final Map<String, @Nullable Object> keywords;

  private TaskArguments(List<@Nullable Object> positional, Map<String, @Nullable Object> keywords) {
    this.positional = positional;
    this.keywords = keywords;
  }

  /**
   * Positional arguments.
   *
   * @param values the values in order
   * @return the arguments
   */
  public static TaskArguments of(@Nullable Object... values) {
    return new TaskArguments(
        Collections.<@Nullable Object>unmodifiableList(
            new ArrayList<@Nullable Object>(Arrays.asList(values))),
        Map.of());
  }

  /**
   * Adds an argument by keyword.
   *
   * @param keyword its name, never null
   * @param value its value
   * @return a changed copy
   */
  public TaskArguments with(String keyword, @Nullable Object value) {
    Map<String, @Nullable Object> more = new LinkedHashMap<>(keywords);
    more.put(Objects.requireNonNull(keyword, "keyword"), value);
    return new TaskArguments(positional, Collections.unmodifiableMap(more));
  }

  /**
   * Returns the positional arguments.
   *
   * @return an unmodifiable list
   */
  public List<@Nullable Object> positional() {
    return positional;
  }

  /**
   * Returns the arguments by keyword.
   *
   * @return an unmodifiable map
   */
  public Map<String, @Nullable Object> keywords() {
    return keywords;
  }
}
