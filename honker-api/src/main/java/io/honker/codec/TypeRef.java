package io.honker.codec;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.Objects;

/**
 * Carries a payload type, including its type arguments, past erasure.
 *
 * <pre>{@code
 * JobQueue<List<Order>> orders = honker.queue("orders", new TypeRef<List<Order>>() {});
 * }</pre>
 *
 * <p>Immutable.
 *
 * @param <T> the carried type
 * @since 0.1.0
 */
public abstract class TypeRef<T> {

  private final Type type;

  /** Captures the type argument of the anonymous subclass. */
  protected TypeRef() {
    if (!(getClass().getGenericSuperclass() instanceof ParameterizedType captured)) {
      throw new IllegalArgumentException(
          "TypeRef needs a type argument: new TypeRef<List<Order>>() {}");
    }
    this.type = captured.getActualTypeArguments()[0];
  }

  private TypeRef(Class<T> type) {
    this.type = Objects.requireNonNull(type, "type");
  }

  /**
   * Returns the reference to a plain class.
   *
   * @param type the class, never null
   * @param <T> the carried type
   * @return the reference
   */
  public static <T> TypeRef<T> of(Class<T> type) {
    return new TypeRef<>(type) {};
  }

  /**
   * Returns the carried type.
   *
   * @return a class or a parameterized type
   */
  public final Type type() {
    return type;
  }

  @Override
  public final boolean equals(Object other) {
    return other instanceof TypeRef<?> that && type.equals(that.type);
  }

  @Override
  public final int hashCode() {
    return type.hashCode();
  }

  @Override
  public final String toString() {
    return type.getTypeName();
  }
}
