package io.honker.orm;

import io.honker.Honker;
import io.honker.error.HonkerConfigurationException;
import io.honker.orm.dialect.HonkerSqliteDialect;
import jakarta.persistence.PersistenceException;
import java.net.URL;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.hibernate.ConnectionReleaseMode;
import org.hibernate.SessionFactory;
import org.hibernate.boot.registry.classloading.spi.ClassLoaderService;
import org.hibernate.cfg.AvailableSettings;
import org.hibernate.cfg.Configuration;
import org.hibernate.engine.spi.SessionFactoryImplementor;
import org.hibernate.jpa.boot.spi.Bootstrap;
import org.hibernate.jpa.boot.spi.PersistenceUnitDescriptor;
import org.hibernate.jpa.boot.spi.PersistenceXmlParser;
import org.hibernate.resource.jdbc.spi.PhysicalConnectionHandlingMode;
import org.hibernate.resource.transaction.spi.TransactionCoordinatorBuilder;

/** Boots a session factory on honker's data source (rule H-2). */
final class SessionFactoryBoot {

  private final Honker honker;
  private final Map<String, Object> given;

  SessionFactoryBoot(Honker honker, Map<String, Object> given) {
    this.honker = honker;
    this.given = given;
  }

  SessionFactory ofClasses(List<Class<?>> classes, List<Consumer<Configuration>> hooks) {
    Configuration configuration = new Configuration();
    classes.forEach(configuration::addAnnotatedClass);
    configuration.getProperties().putAll(given);
    hooks.forEach(hook -> hook.accept(configuration));
    Map<String, Object> settings = new LinkedHashMap<>();
    configuration.getProperties().forEach((name, value) -> settings.put(name.toString(), value));
    refuseWhatCannotWork(settings);
    configuration.getProperties().putAll(ours(settings));
    return checked(configuration.buildSessionFactory());
  }

  SessionFactory ofPersistenceUnit(String name, boolean alone, List<Class<?>> added) {
    if (!alone) {
      throw new HonkerConfigurationException(
          List.of(
              "persistence unit "
                  + name
                  + " and annotated classes or a configuration hook are given; list the classes in"
                  + " persistence.xml, or leave the unit out"),
          null);
    }
    PersistenceUnitDescriptor unit = find(name);
    Map<String, Object> settings = new LinkedHashMap<>();
    unit.getProperties().forEach((key, value) -> settings.put(key.toString(), value));
    settings.putAll(given);
    refuseWhatCannotWork(settings);
    Map<String, Object> integration = new LinkedHashMap<>(given);
    integration.putAll(ours(settings));
    if (!added.isEmpty()) {
      integration.put(AvailableSettings.LOADED_CLASSES, List.copyOf(added));
    }
    return checked(built(unit, integration));
  }

  private static SessionFactory built(PersistenceUnitDescriptor unit, Map<String, Object> with) {
    try {
      return Bootstrap.getEntityManagerFactoryBuilder(unit, with)
          .build()
          .unwrap(SessionFactory.class);
    } catch (PersistenceException e) {
      if (e.getCause() instanceof HonkerConfigurationException ours) {
        throw ours;
      }
      throw e;
    }
  }

  private PersistenceUnitDescriptor find(String name) {
    PersistenceXmlParser parser = PersistenceXmlParser.create(given);
    ClassLoaderService loader = parser.getClassLoaderService();
    List<URL> files = loader.locateResources("META-INF/persistence.xml");
    Map<String, PersistenceUnitDescriptor> units = parser.parse(files);
    PersistenceUnitDescriptor unit = units.get(name);
    if (unit == null) {
      throw new HonkerConfigurationException(
          List.of(
              "no persistence unit is named "
                  + name
                  + "; "
                  + (files.isEmpty()
                      ? "there is no META-INF/persistence.xml on the class path"
                      : "META-INF/persistence.xml has " + units.keySet())),
          null);
    }
    return unit;
  }

  /** What this module sets; of it, what the application may set otherwise, only if it did not. */
  private Map<String, Object> ours(Map<String, Object> settings) {
    Map<String, Object> ours = new LinkedHashMap<>();
    ours.put(AvailableSettings.CONNECTION_PROVIDER, new HonkerConnectionProvider(honker));
    if (honker.info().store().startsWith("sqlite")) {
      ours.put(AvailableSettings.DIALECT, HonkerSqliteDialect.class.getName());
      ours.put(HonkerSqliteDialect.WRITER_TRANSACTIONS, true);
    }
    // A held connection costs nothing, and only then does Spring tell it about readOnly.
    ours.put(
        AvailableSettings.CONNECTION_HANDLING,
        PhysicalConnectionHandlingMode.DELAYED_ACQUISITION_AND_HOLD);
    // A column for the offset, which SQLite has no type for.
    ours.put(AvailableSettings.TIMEZONE_DEFAULT_STORAGE, "AUTO");
    settings.forEach(
        (name, value) -> {
          if (!AvailableSettings.CONNECTION_PROVIDER.equals(name)) {
            ours.remove(name);
          }
        });
    return ours;
  }

  private static void refuseWhatCannotWork(Map<String, Object> settings) {
    List<String> problems = new ArrayList<>();
    Object disabled = settings.get(AvailableSettings.CONNECTION_PROVIDER_DISABLES_AUTOCOMMIT);
    if (disabled != null && Boolean.parseBoolean(disabled.toString())) {
      problems.add(
          AvailableSettings.CONNECTION_PROVIDER_DISABLES_AUTOCOMMIT
              + " is true, but honker's connections begin in auto-commit mode, so transactions"
              + " would never begin; remove it");
    }
    Object provider = settings.get(AvailableSettings.CONNECTION_PROVIDER);
    if (provider != null) {
      problems.add(
          AvailableSettings.CONNECTION_PROVIDER
              + " is set, but HonkerOrm provides the connections; remove it, or boot the session"
              + " factory yourself and use HonkerOrm.transactionOf(honker, session)");
    }
    if (!problems.isEmpty()) {
      throw new HonkerConfigurationException(problems, null);
    }
  }

  /** What shows only on the finished factory. */
  private static SessionFactory checked(SessionFactory factory) {
    SessionFactoryImplementor booted = factory.unwrap(SessionFactoryImplementor.class);
    List<String> problems = new ArrayList<>();
    if (booted.getServiceRegistry().requireService(TransactionCoordinatorBuilder.class).isJta()) {
      problems.add(
          "the session factory is set up for JTA, which one SQLite file cannot take part in; use"
              + " resource-local transactions");
    }
    ConnectionReleaseMode release =
        booted.getSessionFactoryOptions().getPhysicalConnectionHandlingMode().getReleaseMode();
    if (release == ConnectionReleaseMode.BEFORE_TRANSACTION_COMPLETION) {
      problems.add(
          AvailableSettings.CONNECTION_HANDLING
              + " gives connections back before the commit, which would undo the transaction;"
              + " remove it");
    }
    problems.addAll(IdGenerators.problems(booted));
    if (!problems.isEmpty()) {
      factory.close();
      throw new HonkerConfigurationException(problems, null);
    }
    return factory;
  }
}
