package io.honker.orm;

import io.honker.orm.entity.HonkerEntities;
import org.hibernate.Hibernate;
import org.hibernate.boot.Metadata;
import org.hibernate.event.service.spi.EventListenerRegistry;
import org.hibernate.event.spi.AbstractPreDatabaseOperationEvent;
import org.hibernate.event.spi.DeleteContext;
import org.hibernate.event.spi.DeleteEvent;
import org.hibernate.event.spi.DeleteEventListener;
import org.hibernate.event.spi.EventType;
import org.hibernate.event.spi.MergeContext;
import org.hibernate.event.spi.MergeEvent;
import org.hibernate.event.spi.MergeEventListener;
import org.hibernate.event.spi.PersistContext;
import org.hibernate.event.spi.PersistEvent;
import org.hibernate.event.spi.PersistEventListener;
import org.hibernate.event.spi.PreDeleteEvent;
import org.hibernate.event.spi.PreDeleteEventListener;
import org.hibernate.event.spi.PreInsertEvent;
import org.hibernate.event.spi.PreInsertEventListener;
import org.hibernate.event.spi.PreUpdateEvent;
import org.hibernate.event.spi.PreUpdateEventListener;
import org.hibernate.event.spi.PreUpsertEvent;
import org.hibernate.event.spi.PreUpsertEventListener;

/**
 * Refuses writes of honker's entities (rule H-5): where the application asks for them, and, because
 * stateless sessions tell of nothing else, before they reach the database.
 *
 * <p>Safe for use by multiple threads.
 */
final class ReadOnlyEntities
    implements PersistEventListener,
        MergeEventListener,
        DeleteEventListener,
        PreInsertEventListener,
        PreUpdateEventListener,
        PreDeleteEventListener,
        PreUpsertEventListener {

  private static final long serialVersionUID = 1L;

  static boolean mapped(Metadata metadata) {
    return HonkerEntities.classes().stream()
        .anyMatch(type -> metadata.getEntityBinding(type.getName()) != null);
  }

  void listen(EventListenerRegistry registry) {
    registry.prependListeners(EventType.PERSIST, this);
    registry.prependListeners(EventType.PERSIST_ONFLUSH, this);
    registry.prependListeners(EventType.MERGE, this);
    registry.prependListeners(EventType.DELETE, this);
    registry.prependListeners(EventType.PRE_INSERT, this);
    registry.prependListeners(EventType.PRE_UPDATE, this);
    registry.prependListeners(EventType.PRE_DELETE, this);
    registry.prependListeners(EventType.PRE_UPSERT, this);
  }

  private static void refuse(Object entity) {
    Class<?> type = Hibernate.getClassLazy(entity);
    if (HonkerEntities.classes().contains(type)) {
      throw new UnsupportedOperationException(
          type.getSimpleName() + " is read-only in Hibernate; write through honker's own API");
    }
  }

  private static boolean vetoed(AbstractPreDatabaseOperationEvent event) {
    refuse(event.getEntity());
    return false;
  }

  @Override
  public void onPersist(PersistEvent event) {
    refuse(event.getObject());
  }

  @Override
  public void onPersist(PersistEvent event, PersistContext created) {
    refuse(event.getObject());
  }

  @Override
  public void onMerge(MergeEvent event) {
    refuse(event.getOriginal());
  }

  @Override
  public void onMerge(MergeEvent event, MergeContext copied) {
    refuse(event.getOriginal());
  }

  @Override
  public void onDelete(DeleteEvent event) {
    refuse(event.getObject());
  }

  @Override
  public void onDelete(DeleteEvent event, DeleteContext deleted) {
    refuse(event.getObject());
  }

  @Override
  public boolean onPreInsert(PreInsertEvent event) {
    return vetoed(event);
  }

  @Override
  public boolean onPreUpdate(PreUpdateEvent event) {
    return vetoed(event);
  }

  @Override
  public boolean onPreDelete(PreDeleteEvent event) {
    return vetoed(event);
  }

  @Override
  public boolean onPreUpsert(PreUpsertEvent event) {
    return vetoed(event);
  }
}
