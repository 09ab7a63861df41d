package io.honker.error;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The options do not fit together or no store can be found for them. Lists every problem at once;
 * nothing was opened.
 *
 * @since 0.1.0
 */
public final class HonkerConfigurationException extends HonkerException {

  private static final long serialVersionUID = 1L;

  private final List<String> problems;

  /**
   * Creates an exception.
   *
   * @param problems every problem found, at least one
   * @param cause the cause, or null
   */
  public HonkerConfigurationException(List<String> problems, @Nullable Throwable cause) {
    super("HNK-CONFIG", String.join("; ", problems), cause);
    this.problems = List.copyOf(problems);
  }

  /**
   * Returns every problem found, each a sentence of its own.
   *
   * @return at least one problem
   */
  public List<String> problems() {
    return problems;
  }
}
