package io.honker.orm.dialect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.honker.Honker;
import io.honker.orm.HonkerOrm;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.hibernate.SessionFactory;
import org.hibernate.cfg.AvailableSettings;
import org.hibernate.cfg.Configuration;
import org.hibernate.community.dialect.SQLiteDialect;
import org.hibernate.resource.jdbc.spi.StatementInspector;
import org.sqlite.SQLiteConfig;

/**
 * Runs a scenario with honker's dialect, on both kinds of connections, and with the stock one. What
 * the stock dialect does is always asserted, too: it fails, or it is right as well.
 */
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

  /** A fix: the assertions pass with honker's dialect and fail with the stock one, in this way. */
  void assertRedOnStock(String how, Scenario scenario) throws Exception {
    assertThat(how).as("how the stock dialect fails").isNotBlank();
    assertRight(scenario);
    Throwable red = catchThrowable(() -> onPool(SQLiteDialect.class, newFile(), scenario));
    assertThat(red).as("the stock dialect has this fault no more").isNotNull();
    StringWriter trace = new StringWriter();
    red.printStackTrace(new PrintWriter(trace));
    assertThat(trace.toString()).contains(how);
  }

  /** No fix: the stock dialect is right, and honker's, for all that it does otherwise, is, too. */
  void assertRightAsStock(Scenario scenario) throws Exception {
    assertRight(scenario);
    onPool(SQLiteDialect.class, newFile(), scenario);
  }

  /** Honker's dialect reads what the stock one wrote. */
  void assertReadsWhatStockWrote(Scenario write, Scenario read) throws Exception {
    Path file = newFile();
    onPool(SQLiteDialect.class, file, write);
    onHonker(file, read);
    onPool(HonkerSqliteDialect.class, file, read);
  }

  private void assertRight(Scenario scenario) throws Exception {
    onHonker(newFile(), scenario);
    onPool(HonkerSqliteDialect.class, newFile(), scenario);
  }

  private Path newFile() {
    return folder.resolve("bench" + files++ + ".db");
  }

  /** Asked before the file is opened. */
  private static String schema(Path file) {
    return Files.exists(file) ? "none" : "create";
  }

  /** HonkerOrm's columns for offsets are not in a schema that somebody else made. */
  private static String zones(String schema) {
    return schema.equals("none") ? "DEFAULT" : "AUTO";
  }

  private void onHonker(Path file, Scenario scenario) throws Exception {
    String schema = schema(file);
    try (Honker honker = Honker.open(file);
        HonkerOrm orm =
            HonkerOrm.over(honker)
                .annotatedClasses(classes)
                .property(AvailableSettings.HBM2DDL_AUTO, schema)
                .property(AvailableSettings.TIMEZONE_DEFAULT_STORAGE, zones(schema))
                .property(AvailableSettings.STATEMENT_INSPECTOR, (StatementInspector) this::note)
                .build()) {
      sql.clear();
      scenario.run(orm.sessionFactory());
    }
  }

  private String note(String statement) {
    sql.add(statement);
    return statement;
  }

  private void onPool(Class<?> dialect, Path file, Scenario scenario) throws Exception {
    String schema = schema(file);
    try (HikariDataSource pool = pool(file);
        SessionFactory factory = factory(dialect, pool, schema)) {
      sql.clear();
      scenario.run(factory);
    }
  }

  private SessionFactory factory(Class<?> dialect, HikariDataSource pool, String schema) {
    Configuration configuration = new Configuration();
    for (Class<?> type : classes) {
      configuration.addAnnotatedClass(type);
    }
    configuration.setStatementInspector(this::note);
    configuration.getProperties().put(AvailableSettings.JAKARTA_NON_JTA_DATASOURCE, pool);
    configuration.setProperty(AvailableSettings.DIALECT, dialect.getName());
    configuration.setProperty(AvailableSettings.HBM2DDL_AUTO, schema);
    return configuration.buildSessionFactory();
  }

  private HikariDataSource pool(Path file) {
    SQLiteConfig sqlite = new SQLiteConfig();
    sqlite.setBusyTimeout(100);
    sqlite.enforceForeignKeys(true);
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl("jdbc:sqlite:" + file);
    config.setDataSourceProperties(sqlite.toProperties());
    config.setMaximumPoolSize(2);
    return new HikariDataSource(config);
  }
}
