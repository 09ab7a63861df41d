package io.honker.orm;

import org.hibernate.service.spi.SessionFactoryServiceContributor;
import org.hibernate.service.spi.SessionFactoryServiceInitiator;
import org.hibernate.service.spi.SessionFactoryServiceInitiatorContext;
import org.hibernate.service.spi.SessionFactoryServiceRegistryBuilder;

/**
 * Lets every session factory remember what honker joined in its sessions. Found by Hibernate; not
 * for applications.
 *
 * <p>Safe for use by multiple threads.
 *
 * @since 0.1.0
 */
public final class SessionTransactionsContributor implements SessionFactoryServiceContributor {

  /** Creates the contributor; Hibernate does. */
  public SessionTransactionsContributor() {}

  @Override
  public void contribute(SessionFactoryServiceRegistryBuilder builder) {
    builder.addInitiator(new Initiator());
  }

  private static final class Initiator
      implements SessionFactoryServiceInitiator<SessionTransactions> {

    @Override
    public SessionTransactions initiateService(SessionFactoryServiceInitiatorContext context) {
      return SessionTransactions.of(context);
    }

    @Override
    public Class<SessionTransactions> getServiceInitiated() {
      return SessionTransactions.class;
    }
  }
}
