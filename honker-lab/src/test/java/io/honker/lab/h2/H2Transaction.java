package io.honker.lab.h2;

import io.honker.runtime.store.StoreConnection;
import io.honker.runtime.store.StoreTransaction;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;

/** A transaction that has the writer to itself. */
final class H2Transaction implements StoreTransaction {

  private static final Set<String> REFUSED =
      Set.of("commit", "close", "abort", "setAutoCommit", "unwrap");

  private final H2Store store;
  private final StoreConnection writer;
  private boolean ended;

  H2Transaction(H2Store store, StoreConnection writer) {
    this.store = store;
    this.writer = writer;
  }

  @Override
  public StoreConnection connection() {
    return writer;
  }

  @Override
  public Connection applicationConnection() {
    return (Connection)
        Proxy.newProxyInstance(
            Connection.class.getClassLoader(),
            new Class<?>[] {Connection.class},
            (proxy, method, arguments) -> forward(method, arguments));
  }

  private Object forward(Method method, Object[] arguments) throws Throwable {
    boolean wholeRollback = method.getName().equals("rollback") && arguments == null;
    if (ended || wholeRollback || REFUSED.contains(method.getName())) {
      throw new SQLException(
          ended
              ? "the transaction has ended"
              : method.getName() + " is for the one who began the transaction");
    }
    try {
      return method.invoke(writer.jdbc(), arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  @Override
  public boolean survived() {
    return true;
  }

  @Override
  public void commit() {
    ended = true;
    store.commit();
  }

  @Override
  public void rollback() {
    ended = true;
    store.rollBack();
  }
}
