package io.honker.orm;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.honker.Honker;
import io.honker.orm.dialect.HonkerSqliteDialect;
import io.honker.tck.ManualClock;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import org.hibernate.SessionFactory;
import org.hibernate.cfg.AvailableSettings;
import org.hibernate.cfg.Configuration;
import org.sqlite.SQLiteConfig;

/** An open database and session factories on it, closed in the reverse order. */
public final class OrmFixture implements AutoCloseable {

  private final Deque<AutoCloseable> opened = new ArrayDeque<>();
  private final Path file;
  private final ManualClock clock = new ManualClock();
  private final Honker honker;

  public OrmFixture(Path folder) {
    this(folder, "app.db");
  }

  public OrmFixture(Path folder, String name) {
    this.file = folder.resolve(name);
    this.honker = keep(Honker.builder(file.toString()).clock(clock).open());
  }

  public Path file() {
    return file;
  }

  public Honker honker() {
    return honker;
  }

  public ManualClock clock() {
    return clock;
  }

  public <T extends AutoCloseable> T keep(T resource) {
    opened.push(resource);
    return resource;
  }

  public HonkerOrm.Builder over(Class<?>... classes) {
    return HonkerOrm.over(honker)
        .annotatedClasses(classes)
        .property(AvailableSettings.HBM2DDL_AUTO, "update");
  }

  public HonkerOrm orm(Class<?>... classes) {
    return keep(over(classes).build());
  }

  /** A factory as applications configure it, on a pool of bare sqlite-jdbc connections. */
  public SessionFactory pooled(int connections, Class<?>... classes) {
    return pooled(pool(connections, true), classes);
  }

  public SessionFactory pooled(HikariDataSource pool, Class<?>... classes) {
    Configuration configuration = new Configuration();
    for (Class<?> type : classes) {
      configuration.addAnnotatedClass(type);
    }
    configuration.getProperties().put(AvailableSettings.JAKARTA_NON_JTA_DATASOURCE, pool);
    configuration.setProperty(AvailableSettings.DIALECT, HonkerSqliteDialect.class.getName());
    configuration.setProperty(AvailableSettings.HBM2DDL_AUTO, "update");
    return keep(configuration.buildSessionFactory());
  }

  public HikariDataSource pool(int connections, boolean autoCommit) {
    return pool(connections, autoCommit, 60_000);
  }

  public HikariDataSource pool(int connections, boolean autoCommit, int busyMillis) {
    SQLiteConfig sqlite = new SQLiteConfig();
    sqlite.setBusyTimeout(busyMillis);
    return pool(connections, autoCommit, sqlite);
  }

  public HikariDataSource pool(int connections, boolean autoCommit, SQLiteConfig sqlite) {
    sqlite.enforceForeignKeys(true);
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl("jdbc:sqlite:" + file);
    config.setDataSourceProperties(sqlite.toProperties());
    config.setMaximumPoolSize(connections);
    config.setAutoCommit(autoCommit);
    config.setConnectionTimeout(60_000);
    return keep(new HikariDataSource(config));
  }

  /** A connection that shares nothing with honker's but the file, and waits for nobody. */
  public Connection stranger() throws SQLException {
    SQLiteConfig config = new SQLiteConfig();
    config.setBusyTimeout(0);
    return keep(config.createConnection("jdbc:sqlite:" + file));
  }

  @Override
  public void close() throws Exception {
    while (!opened.isEmpty()) {
      opened.pop().close();
    }
  }
}
