package io.honker.orm.dialect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.honker.Honker;
import io.honker.orm.HonkerOrm;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.hibernate.SessionFactory;
import org.hibernate.cfg.AvailableSettings;
import org.hibernate.cfg.Configuration;
import org.hibernate.community.dialect.SQLiteDialect;
import org.hibernate.resource.jdbc.spi.StatementInspector;
import org.sqlite.SQLiteConfig;

/** Runs a scenario with honker's dialect, on both kinds of connections, and with the stock one. */
final class Bench {

  interface Scenario {
    void run(SessionFactory factory) throws Exception;
  }

  private final Path folder;
  private final Class<?>[] classes;
  final List<String> sql = new ArrayList<>();
  private int files;

  Bench(Path folder, Class<?>... classes) {
    this.folder = folder;
    this.classes = classes;
  }

  /** The same assertions pass with honker's dialect and fail with the stock one, in this way. */
  void assertRedOnStock(String how, Scenario scenario) throws Exception {
    green(scenario);
    Throwable red = catchThrowable(() -> onPool(SQLiteDialect.class, scenario));
    assertThat(red).as("the stock dialect has this fault no more").isNotNull();
    StringWriter trace = new StringWriter();
    red.printStackTrace(new PrintWriter(trace));
    assertThat(trace.toString()).contains(how);
  }

  /** The assertions pass with honker's dialect. */
  void green(Scenario scenario) throws Exception {
    try (Honker honker = Honker.open(folder.resolve("honker" + files++ + ".db"));
        HonkerOrm orm =
            HonkerOrm.over(honker)
                .annotatedClasses(classes)
                .property(AvailableSettings.HBM2DDL_AUTO, "create-drop")
                .property(AvailableSettings.STATEMENT_INSPECTOR, (StatementInspector) this::note)
                .build()) {
      sql.clear();
      scenario.run(orm.sessionFactory());
    }
    onPool(HonkerSqliteDialect.class, scenario);
  }

  private String note(String statement) {
    sql.add(statement);
    return statement;
  }

  private void onPool(Class<?> dialect, Scenario scenario) throws Exception {
    try (HikariDataSource pool = pool();
        SessionFactory factory = factory(dialect, pool)) {
      sql.clear();
      scenario.run(factory);
    }
  }

  private SessionFactory factory(Class<?> dialect, HikariDataSource pool) {
    Configuration configuration = new Configuration();
    for (Class<?> type : classes) {
      configuration.addAnnotatedClass(type);
    }
    configuration.setStatementInspector(this::note);
    configuration.getProperties().put(AvailableSettings.JAKARTA_NON_JTA_DATASOURCE, pool);
    configuration.setProperty(AvailableSettings.DIALECT, dialect.getName());
    configuration.setProperty(AvailableSettings.HBM2DDL_AUTO, "create-drop");
    return configuration.buildSessionFactory();
  }

  private HikariDataSource pool() {
    SQLiteConfig sqlite = new SQLiteConfig();
    sqlite.setBusyTimeout(100);
    sqlite.enforceForeignKeys(true);
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl("jdbc:sqlite:" + folder.resolve("pool" + files++ + ".db"));
    config.setDataSourceProperties(sqlite.toProperties());
    config.setMaximumPoolSize(2);
    return new HikariDataSource(config);
  }
}
