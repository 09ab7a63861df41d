package io.honker.orm;

import io.honker.error.HonkerConfigurationException;
import io.honker.orm.dialect.HonkerSqliteDialect;
import java.util.List;
import org.hibernate.boot.Metadata;
import org.hibernate.boot.spi.BootstrapContext;
import org.hibernate.dialect.Dialect;
import org.hibernate.engine.spi.SessionFactoryImplementor;
import org.hibernate.event.service.spi.EventListenerRegistry;
import org.hibernate.integrator.spi.Integrator;

/**
 * Tells honker's dialect the names of the mapping's constraints, and listens for changes of
 * entities that publish them and of those that must not change, wherever there are any. Found by
 * Hibernate; not for applications.
 *
 * <p>Safe for use by multiple threads.
 *
 * @since 0.1.0
 */
public final class HonkerIntegrator implements Integrator {

  /** Creates the integrator; Hibernate does. */
  public HonkerIntegrator() {}

  @Override
  public void integrate(
      Metadata metadata, BootstrapContext bootstrap, SessionFactoryImplementor factory) {
    if (metadata.getDatabase().getDialect() instanceof HonkerSqliteDialect dialect) {
      dialect.learn(metadata);
    }
    EventListenerRegistry listeners = factory.getEventEngine().getListenerRegistry();
    if (ReadOnlyEntities.mapped(metadata)) {
      requireDialect(metadata.getDatabase().getDialect());
      new ReadOnlyEntities().listen(listeners);
    }
    if (ChangeMapping.mapped(metadata)) {
      new ChangePublisher().listen(listeners);
    }
  }

  /** Others would read and compare their times wrongly, without a word. */
  private static void requireDialect(Dialect dialect) {
    if (!(dialect instanceof HonkerSqliteDialect)) {
      throw new HonkerConfigurationException(
          List.of(
              "honker's entities are mapped, but the dialect is "
                  + dialect.getClass().getName()
                  + "; set hibernate.dialect to "
                  + HonkerSqliteDialect.class.getName()),
          null);
    }
  }
}
