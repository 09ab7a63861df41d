package io.honker.task;

import java.util.Optional;
import java.util.Set;

/**
 * One call of a task as its handler sees it. Confined to the handler's thread.
 *
 * @since 0.1.0
 */
public interface TaskCall {

  /**
   * Returns the task's name.
   *
   * @return the name
   */
  String name();

  /**
   * Returns the id of the job that carries the call.
   *
   * @return the job's id
   */
  long jobId();

  /**
   * Returns which attempt this is.
   *
   * @return the attempt, from 1
   */
  int attempt();

  /**
   * Returns how many positional arguments there are.
   *
   * @return the count
   */
  int positionalCount();

  /**
   * Returns the names of the arguments by keyword.
   *
   * @return an unmodifiable set
   */
  Set<String> keywords();

  /**
   * Returns a positional argument.
   *
   * @param index its place, from 0
   * @param type the type to read it as
   * @param <T> the type
   * @return the value
   * @throws io.honker.error.PayloadException if there is no such argument, it is null or does not
   *     fit
   */
  <T> T argument(int index, Class<T> type);

  /**
   * Returns an argument by keyword.
   *
   * @param keyword its name
   * @param type the type to read it as
   * @param <T> the type
   * @return the value
   * @throws io.honker.error.PayloadException if there is no such argument, it is null or does not
   *     fit
   */
  <T> T argument(String keyword, Class<T> type);

  /**
   * Returns an argument that the caller may have passed by place or by keyword, as languages with
   * keyword arguments allow.
   *
   * @param index its place, from 0
   * @param keyword its name
   * @param type the type to read it as
   * @param <T> the type
   * @return the value
   * @throws io.honker.error.PayloadException if it was passed neither way, is null or does not fit
   */
  <T> T argument(int index, String keyword, Class<T> type);

  /**
   * Finds an argument that may be missing or null, passed by place or by keyword.
   *
   * @param index its place, from 0
   * @param keyword its name
   * @param type the type to read it as
   * @param <T> the type
   * @return the value, empty if it was passed neither way or as null
   * @throws io.honker.error.PayloadException if it does not fit
   */
  <T> Optional<T> findArgument(int index, String keyword, Class<T> type);
}
