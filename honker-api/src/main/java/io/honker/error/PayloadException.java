package io.honker.error;

import org.jspecify.annotations.Nullable;

/**
 * A payload is too large, has no JSON form, or cannot be read as the wanted type. Messages name
 * types and sizes, never contents.
 *
 * @since 0.1.0
 */
public final class PayloadException extends HonkerException {

  private static final long serialVersionUID = 1L;

  private PayloadException(String code, String message, @Nullable Throwable cause) {
    super(code, message, cause);
  }

  /**
   * A payload that is larger than the limit of the open database.
   *
   * @param bytes its size in bytes of UTF-8
   * @param limit the limit in bytes
   * @return the exception, code {@code HNK-PAYLOAD-TOO-LARGE}
   */
  public static PayloadException tooLarge(long bytes, long limit) {
    return new PayloadException(
        "HNK-PAYLOAD-TOO-LARGE",
        "payload of "
            + bytes
            + " bytes exceeds the limit of "
            + limit
            + "; store large data elsewhere and enqueue a reference, or raise maxPayloadBytes when"
            + " opening",
        null);
  }

  /**
   * A value that cannot be written as JSON.
   *
   * @param type the value's type name
   * @param cause the codec's own failure
   * @return the exception, code {@code HNK-PAYLOAD-UNWRITABLE}
   */
  public static PayloadException unwritable(String type, @Nullable Throwable cause) {
    return new PayloadException(
        "HNK-PAYLOAD-UNWRITABLE",
        "a value of type "
            + type
            + " cannot be written as JSON; give it properties (and, in a named"
            + " module, open its package to tools.jackson.databind), or set a codec",
        cause);
  }

  /**
   * A stored document that cannot be read as the wanted type.
   *
   * @param type the wanted type name
   * @param cause the codec's own failure
   * @return the exception, code {@code HNK-PAYLOAD-UNREADABLE}
   */
  public static PayloadException unreadable(String type, @Nullable Throwable cause) {
    return new PayloadException(
        "HNK-PAYLOAD-UNREADABLE",
        "the stored payload cannot be read as " + type + "; does the producer write another type?",
        cause);
  }

  /**
   * A stored document that cannot be read as the wanted type, found among others.
   *
   * @param place what holds it, such as {@code event 7 of topic "orders"}
   * @param type the wanted type name
   * @param cause the codec's own failure
   * @return the exception, code {@code HNK-PAYLOAD-UNREADABLE}
   */
  public static PayloadException unreadable(String place, String type, @Nullable Throwable cause) {
    return new PayloadException(
        "HNK-PAYLOAD-UNREADABLE",
        "the payload of "
            + place
            + " cannot be read as "
            + type
            + "; does the producer write another type?",
        cause);
  }

  /**
   * A call of a named task that lacks an argument that its handler needs, or has null in its place.
   *
   * @param task the task's name
   * @param argument which argument, as part of a sentence
   * @return the exception, code {@code HNK-TASK-ARGUMENT}
   */
  public static PayloadException missingArgument(String task, String argument) {
    return new PayloadException(
        "HNK-TASK-ARGUMENT",
        "task \""
            + task
            + "\" was called without a value for the argument "
            + argument
            + "; fix the caller",
        null);
  }
}
