package io.honker.runtime.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A JDBC connection with its kept prepared statements: each SQL text is prepared once.
 *
 * <p>Honker's own statements are constants and stay for the connection's life; the application's
 * are kept up to a limit, least recently used out first. Confined to one thread at a time.
 */
public final class StoreConnection implements AutoCloseable {

  private static final int KEPT_APPLICATION_STATEMENTS = 128;

  private final Connection jdbc;
  private final Map<String, PreparedStatement> own = new HashMap<>();
  private final LinkedHashMap<String, PreparedStatement> application =
      new LinkedHashMap<>(16, 0.75f, true);

  /** Wraps a connection without taking it over: {@link #close} closes statements only. */
  public StoreConnection(Connection jdbc) {
    this.jdbc = jdbc;
  }

  /** The connection. */
  public Connection jdbc() {
    return jdbc;
  }

  /**
   * Returns the kept statement of one of honker's own constant SQL texts. The caller sets all
   * parameters and closes the result sets it opens, never the statement.
   */
  public PreparedStatement statement(String constantSql) throws SQLException {
    PreparedStatement kept = own.get(constantSql);
    if (kept == null) {
      kept = jdbc.prepareStatement(constantSql);
      own.put(constantSql, kept);
    }
    return kept;
  }

  /**
   * Takes a statement of the application's SQL out of the keep, or prepares it. Give it back with
   * {@link #keep}; while it is out, the same SQL gets another statement.
   */
  public PreparedStatement take(String applicationSql) throws SQLException {
    PreparedStatement kept = application.remove(applicationSql);
    return kept != null ? kept : jdbc.prepareStatement(applicationSql);
  }

  /** Gives a statement back that {@link #take} handed out and that has no open result set. */
  public void keep(String applicationSql, PreparedStatement statement) throws SQLException {
    PreparedStatement displaced = application.put(applicationSql, statement);
    if (displaced != null && displaced != statement) {
      displaced.close();
    }
    if (application.size() > KEPT_APPLICATION_STATEMENTS) {
      Iterator<PreparedStatement> eldestFirst = application.values().iterator();
      PreparedStatement eldest = eldestFirst.next();
      eldestFirst.remove();
      eldest.close();
    }
  }

  /**
   * Closes all kept statements after an SQL error: drivers leave a statement that failed in a state
   * in which it may never work again. They are prepared anew when needed.
   */
  public void forgetStatements(Throwable cause) {
    try {
      close();
    } catch (SQLException e) {
      cause.addSuppressed(e);
    }
  }

  /** Closes all kept statements, not the connection. */
  @Override
  public void close() throws SQLException {
    SQLException first = null;
    for (Map<String, PreparedStatement> kept :
        List.<Map<String, PreparedStatement>>of(own, application)) {
      for (PreparedStatement statement : kept.values()) {
        try {
          statement.close();
        } catch (SQLException e) {
          if (first == null) {
            first = e;
          } else {
            first.addSuppressed(e);
          }
        }
      }
      kept.clear();
    }
    if (first != null) {
      throw first;
    }
  }
}
