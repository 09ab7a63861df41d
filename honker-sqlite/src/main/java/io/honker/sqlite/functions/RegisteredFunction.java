package io.honker.sqlite.functions;

import io.honker.runtime.loop.Seconds;
import io.honker.time.HonkerClock;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.sqlite.Function;
import org.sqlite.core.Codes;

/**
 * One function of one connection: checks the arguments, runs the body, and hands its result or its
 * error text to SQLite. SQLite calls it on the thread that runs the calling statement.
 */
final class RegisteredFunction extends Function {

  private static final double TWO_TO_63 = 0x1p63;

  private final SqlFunction function;
  private final NestedSql sql;
  private final HonkerClock clock;
  private boolean running;

  RegisteredFunction(SqlFunction function, NestedSql sql, HonkerClock clock) {
    this.function = function;
    this.sql = sql;
    this.clock = clock;
  }

  @Override
  protected void xFunc() {
    if (running) {
      throw new FunctionFailedException(
          function.name() + "() cannot run inside itself: a trigger on what it writes calls it");
    }
    running = true;
    try {
      Arguments arguments = arguments();
      answer(sql.call(() -> function.body().run(arguments, sql)));
    } catch (SQLException e) {
      fail(ErrorText.of(e));
    } catch (IllegalArgumentException e) {
      fail(String.valueOf(e.getMessage()));
    } finally {
      running = false;
    }
  }

  private void answer(@Nullable Object value) throws SQLException {
    if (value == null) {
      result();
    } else if (value instanceof Long integer) {
      result(integer.longValue());
    } else {
      result((String) value);
    }
  }

  /** The driver forgets the call when a call inside it ends, and refuses to report anything. */
  private void fail(String text) {
    try {
      error(text);
    } catch (SQLException e) {
      throw new FunctionFailedException(text);
    }
  }

  // ---- arguments

  private Arguments arguments() throws SQLException {
    List<Parameter> parameters = function.parameters();
    @Nullable Object[] values = new Object[parameters.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = argument(i, parameters.get(i));
    }
    return new Arguments(values, Seconds.of(clock.now()));
  }

  private @Nullable Object argument(int index, Parameter wanted) throws SQLException {
    return switch (value_type(index)) {
      case Codes.SQLITE_INTEGER ->
          wanted.isInteger() ? (Object) value_long(index) : refuse("Integer", index);
      case Codes.SQLITE_FLOAT ->
          wanted.isInteger() ? (Object) whole(value_double(index), index) : refuse("Real", index);
      case Codes.SQLITE_TEXT ->
          wanted.isInteger() ? refuse("Text", index) : (Object) value_text(index);
      case Codes.SQLITE_BLOB -> refuse("Blob", index);
      default -> wanted.isNullable() ? null : refuse("Null", index);
    };
  }

  private static Object refuse(String type, int index) throws SQLException {
    throw new SQLException("Invalid function parameter type " + type + " at index " + index);
  }

  private static long whole(double value, int index) throws SQLException {
    String problem;
    if (Double.isInfinite(value)) {
      problem = "infinite";
    } else if (value != Math.rint(value)) {
      problem = plain(value) + " has a fractional part";
    } else if (value < -TWO_TO_63 || value >= TWO_TO_63) {
      problem = plain(value) + " is outside the range of a 64-bit integer";
    } else {
      return (long) value;
    }
    throw new SQLException(
        "honker: argument " + index + " must be a whole number, but " + problem + ".");
  }

  private static String plain(double value) {
    double size = Math.abs(value);
    return size >= 1e-5 && size < 1e16
        ? BigDecimal.valueOf(value).toPlainString()
        : Double.toString(value).replace(".0E", "e").replace('E', 'e');
  }
}
