package io.honker.sqlite.internal;

import io.honker.runtime.store.StoreConnection;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * The driver's metadata, asked for each call on the connection that has the transaction, so that
 * its tables are seen, or on a reader borrowed for the call. Rows are copied, so that nothing stays
 * open. A proxy, because the interface has 180 methods and none of them is called often.
 */
final class RoutedMetaData implements InvocationHandler {

  private final Connection connection;
  private final Route route;

  private RoutedMetaData(Connection connection, Route route) {
    this.connection = connection;
    this.route = route;
  }

  static DatabaseMetaData of(Connection connection, Route route) {
    return (DatabaseMetaData)
        Proxy.newProxyInstance(
            RoutedMetaData.class.getClassLoader(),
            new Class<?>[] {DatabaseMetaData.class},
            new RoutedMetaData(connection, route));
  }

  @Override
  public @Nullable Object invoke(Object proxy, Method method, @Nullable Object @Nullable [] args)
      throws Throwable {
    return switch (method.getName()) {
      case "getConnection" -> connection;
      case "equals" -> args != null && proxy == args[0];
      case "hashCode" -> System.identityHashCode(proxy);
      case "toString" -> "metadata of " + connection;
      case "unwrap", "isWrapperFor" -> wrapped(proxy, method.getName(), args);
      case "getDefaultTransactionIsolation" -> java.sql.Connection.TRANSACTION_SERIALIZABLE;
      case "supportsGetGeneratedKeys" -> true; // ours, the driver's own are switched off
      default -> ask(method, args);
    };
  }

  private static Object wrapped(Object proxy, String name, @Nullable Object @Nullable [] args)
      throws SQLException {
    Class<?> type =
        args == null ? Object.class : (Class<?>) java.util.Objects.requireNonNull(args[0]);
    return "unwrap".equals(name) ? Wrapped.unwrap(proxy, type) : type.isInstance(proxy);
  }

  private @Nullable Object ask(Method method, @Nullable Object @Nullable [] args) throws Throwable {
    route.lock();
    try {
      route.checkOpen();
      if (route.isInTransaction()) {
        return ask(route.transaction(), method, args);
      }
      StoreConnection reader = route.borrowReader();
      try {
        return ask(reader, method, args);
      } finally {
        route.ground().readers().giveBack(reader);
      }
    } finally {
      route.unlock();
    }
  }

  private static @Nullable Object ask(
      StoreConnection source, Method method, @Nullable Object @Nullable [] args) throws Throwable {
    try {
      Object answer = method.invoke(source.jdbc().getMetaData(), args);
      if (answer instanceof ResultSet rows) {
        try (rows) {
          return MemoryRows.copyOf(null, rows);
        }
      }
      return answer;
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }
}
