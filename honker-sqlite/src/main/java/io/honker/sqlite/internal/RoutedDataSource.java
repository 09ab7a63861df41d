package io.honker.sqlite.internal;

import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.time.Duration;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The data source of rule T-8. Its connections are cheap: each is a view of the one writer and the
 * pooled readers, so a connection pool on top gains nothing.
 *
 * <p>Safe for use by multiple threads.
 */
final class RoutedDataSource implements DataSource {

  private final RouteGround ground;

  /**
   * Makes the data source.
   *
   * @param afterCommit wakes everybody: nobody knows what the application wrote
   */
  RoutedDataSource(WriteLane lane, ReaderPool readers, Runnable afterCommit) {
    this(lane, readers, afterCommit, () -> {}, null);
  }

  /**
   * Makes the data source.
   *
   * @param afterCommit wakes everybody: nobody knows what the application wrote
   * @param beforeWriting throws if this thread must not ask for the writer now
   * @param maxWriterHold after which a transaction is rolled back at its next statement, or when
   *     somebody waits for the writer; null for no limit
   */
  RoutedDataSource(
      WriteLane lane,
      ReaderPool readers,
      Runnable afterCommit,
      Runnable beforeWriting,
      @Nullable Duration maxWriterHold) {
    this.ground = new RouteGround(lane, readers, afterCommit, beforeWriting, maxWriterHold);
  }

  @Override
  public Connection getConnection() throws SQLException {
    if (ground.lane().isClosed()) {
      throw RoutedFailures.closed("this Honker");
    }
    return new RoutedConnection(new Route(ground));
  }

  @Override
  public Connection getConnection(@Nullable String user, @Nullable String password)
      throws SQLException {
    return getConnection();
  }

  @Override
  public @Nullable PrintWriter getLogWriter() {
    return null;
  }

  @Override
  public void setLogWriter(@Nullable PrintWriter out) {}

  @Override
  public void setLoginTimeout(int seconds) {}

  @Override
  public int getLoginTimeout() {
    return 0;
  }

  @Override
  public Logger getParentLogger() throws SQLFeatureNotSupportedException {
    throw new SQLFeatureNotSupportedException("no java.util.logging here");
  }

  @Override
  public <T> T unwrap(Class<T> type) throws SQLException {
    return Wrapped.unwrap(this, type);
  }

  @Override
  public boolean isWrapperFor(Class<?> type) {
    return type.isInstance(this);
  }
}
