package io.honker.orm;

import io.honker.orm.dialect.HonkerSqliteDialect;
import org.hibernate.boot.Metadata;
import org.hibernate.boot.spi.BootstrapContext;
import org.hibernate.engine.spi.SessionFactoryImplementor;
import org.hibernate.integrator.spi.Integrator;

/**
 * Tells honker's dialect the names of the mapping's constraints, wherever it is used. Found by
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
  }
}
