package io.honker.orm;

import io.honker.Honker;
import java.sql.Connection;
import java.sql.SQLException;
import org.hibernate.engine.jdbc.connections.spi.ConnectionProvider;

/**
 * Gives Hibernate connections of {@link Honker#dataSource()} (rule T-8). They are views that hold
 * nothing while no transaction is open, so there is no pool to return them to.
 *
 * <p>Safe for use by multiple threads.
 */
final class HonkerConnectionProvider implements ConnectionProvider {

  private static final long serialVersionUID = 1L;

  private final transient Honker honker;

  HonkerConnectionProvider(Honker honker) {
    this.honker = honker;
  }

  Honker honker() {
    return honker;
  }

  @Override
  public Connection getConnection() throws SQLException {
    return honker.dataSource().getConnection();
  }

  @Override
  public Connection getReadOnlyConnection() throws SQLException {
    Connection connection = getConnection();
    connection.setReadOnly(true);
    return connection;
  }

  /** Otherwise Hibernate would make the connection read-write again before it ends what is open. */
  @Override
  public boolean handlesConnectionReadOnly() {
    return true;
  }

  /** Ends what is still open on it: closing rolls back. */
  @Override
  public void closeConnection(Connection connection) throws SQLException {
    connection.close();
  }

  @Override
  public void closeReadOnlyConnection(Connection connection) throws SQLException {
    connection.close();
  }

  /** A connection given back in the middle of a transaction would end it. */
  @Override
  public boolean supportsAggressiveRelease() {
    return false;
  }

  @Override
  public boolean isUnwrappableAs(Class<?> type) {
    return type.isInstance(this) || type.isInstance(honker.dataSource());
  }

  @Override
  public <T> T unwrap(Class<T> type) {
    return type.isInstance(this) ? type.cast(this) : type.cast(honker.dataSource());
  }
}
