package io.honker.orm;

import org.hibernate.boot.ResourceStreamLocator;
import org.hibernate.boot.spi.AdditionalMappingContributions;
import org.hibernate.boot.spi.AdditionalMappingContributor;
import org.hibernate.boot.spi.InFlightMetadataCollector;
import org.hibernate.boot.spi.MetadataBuildingContext;
import org.hibernate.engine.jdbc.connections.spi.ConnectionProvider;

/**
 * Looks at the ids of entities before Hibernate makes generators and tables for them, in session
 * factories on honker's connections (rule H-2). Found by Hibernate; not for applications.
 *
 * <p>Safe for use by multiple threads.
 *
 * @since 0.1.0
 */
public final class IdGeneratorContributor implements AdditionalMappingContributor {

  /** Creates the contributor; Hibernate does. */
  public IdGeneratorContributor() {}

  @Override
  public void contribute(
      AdditionalMappingContributions contributions,
      InFlightMetadataCollector metadata,
      ResourceStreamLocator resources,
      MetadataBuildingContext context) {
    if (context.getBootstrapContext().getServiceRegistry().getService(ConnectionProvider.class)
        instanceof HonkerConnectionProvider) {
      IdGenerators.prepare(metadata);
    }
  }
}
