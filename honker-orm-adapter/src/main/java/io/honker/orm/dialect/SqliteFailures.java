package io.honker.orm.dialect;

import java.sql.SQLException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.hibernate.JDBCException;
import org.hibernate.exception.ConstraintViolationException;
import org.hibernate.exception.ConstraintViolationException.ConstraintKind;
import org.hibernate.exception.LockAcquisitionException;
import org.hibernate.exception.spi.SQLExceptionConversionDelegate;
import org.hibernate.internal.util.JdbcExceptionHelper;
import org.jspecify.annotations.Nullable;

/** Makes Hibernate's exceptions of SQLite's errors, which come without an SQLState. */
final class SqliteFailures implements SQLExceptionConversionDelegate {

  private static final int BUSY = 5;
  private static final int LOCKED = 6;
  private static final int CONSTRAINT = 19;

  private static final Pattern VIOLATION =
      Pattern.compile(
          "(UNIQUE|NOT NULL|CHECK|FOREIGN KEY) constraint failed(?:: ([^\\n]*?))?\\)?$");

  private final ConstraintNames names;
  private final SQLExceptionConversionDelegate stock;

  SqliteFailures(ConstraintNames names, SQLExceptionConversionDelegate stock) {
    this.names = names;
    this.stock = stock;
  }

  @Override
  public @Nullable JDBCException convert(SQLException e, String message, String sql) {
    return switch (JdbcExceptionHelper.extractErrorCode(e) & 0xff) {
      case CONSTRAINT -> violation(e, message, sql);
      case BUSY, LOCKED -> new LockAcquisitionException(message, e, sql);
      default -> stock.convert(e, message, sql);
    };
  }

  private ConstraintViolationException violation(SQLException e, String message, String sql) {
    Matcher found = VIOLATION.matcher(String.valueOf(e.getMessage()).strip());
    if (!found.find()) { // a trigger, or a table of another kind
      return new ConstraintViolationException(message, e, sql, ConstraintKind.OTHER, null);
    }
    String what = found.group(2);
    return switch (found.group(1)) {
      case "UNIQUE" ->
          new ConstraintViolationException(
              message, e, sql, ConstraintKind.UNIQUE, what == null ? null : names.ofUnique(what));
      case "NOT NULL" ->
          new ConstraintViolationException(message, e, sql, ConstraintKind.NOT_NULL, column(what));
      case "CHECK" -> new ConstraintViolationException(message, e, sql, ConstraintKind.CHECK, what);
      default ->
          new ConstraintViolationException(
              message, e, sql, ConstraintKind.FOREIGN_KEY, names.ofForeignKey(sql));
    };
  }

  /** The name of a NOT NULL constraint is that of its column, as Hibernate has it. */
  private static @Nullable String column(@Nullable String qualified) {
    return qualified == null ? null : qualified.substring(qualified.lastIndexOf('.') + 1);
  }
}
