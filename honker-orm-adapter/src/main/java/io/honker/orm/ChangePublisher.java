package io.honker.orm;

import io.honker.Honker;
import io.honker.stream.EventStream;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.hibernate.event.service.spi.EventListenerRegistry;
import org.hibernate.event.spi.AbstractDatabaseOperationEvent;
import org.hibernate.event.spi.EventType;
import org.hibernate.event.spi.PostDeleteEvent;
import org.hibernate.event.spi.PostDeleteEventListener;
import org.hibernate.event.spi.PostInsertEvent;
import org.hibernate.event.spi.PostInsertEventListener;
import org.hibernate.event.spi.PostUpdateEvent;
import org.hibernate.event.spi.PostUpdateEventListener;
import org.hibernate.event.spi.PostUpsertEvent;
import org.hibernate.event.spi.PostUpsertEventListener;
import org.hibernate.event.spi.PreDeleteEvent;
import org.hibernate.event.spi.PreDeleteEventListener;
import org.hibernate.event.spi.PreInsertEvent;
import org.hibernate.event.spi.PreInsertEventListener;
import org.hibernate.event.spi.PreUpdateEvent;
import org.hibernate.event.spi.PreUpdateEventListener;
import org.hibernate.event.spi.PreUpsertEvent;
import org.hibernate.event.spi.PreUpsertEventListener;
import org.hibernate.persister.entity.EntityPersister;
import org.jspecify.annotations.Nullable;

/**
 * Publishes what one session factory's sessions write of entities with {@link PublishChanges} (rule
 * H-6). Before the write it joins the transaction, so that what cannot be published is not written
 * either.
 *
 * <p>Safe for use by multiple threads.
 */
final class ChangePublisher
    implements PreInsertEventListener,
        PreUpdateEventListener,
        PreDeleteEventListener,
        PreUpsertEventListener,
        PostInsertEventListener,
        PostUpdateEventListener,
        PostDeleteEventListener,
        PostUpsertEventListener {

  private static final long serialVersionUID = 1L;

  private final transient Map<EntityPersister, Optional<ChangeMapping>> mappings =
      new ConcurrentHashMap<>();

  /** Last among those before the write: a listener may change or veto it. */
  void listen(EventListenerRegistry registry) {
    registry.appendListeners(EventType.PRE_INSERT, this);
    registry.appendListeners(EventType.PRE_UPDATE, this);
    registry.appendListeners(EventType.PRE_DELETE, this);
    registry.appendListeners(EventType.PRE_UPSERT, this);
    registry.appendListeners(EventType.POST_INSERT, this);
    registry.appendListeners(EventType.POST_UPDATE, this);
    registry.appendListeners(EventType.POST_DELETE, this);
    registry.appendListeners(EventType.POST_UPSERT, this);
  }

  private Optional<ChangeMapping> mapping(EntityPersister of) {
    return mappings.computeIfAbsent(
        of,
        persister ->
            Optional.ofNullable(ChangeMapping.of(persister.getMappedClass()))
                .map(wanted -> new ChangeMapping(persister, wanted)));
  }

  // ---- before the write

  private boolean vetoed(AbstractDatabaseOperationEvent event) {
    if (mapping(event.getPersister()).isPresent()) {
      SessionTransactions.of(event.getSession())
          .whileWriting(event.getSession(), (honker, tx) -> {});
    }
    return false;
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

  // ---- after it

  @Override
  public void onPostInsert(PostInsertEvent event) {
    publish("insert", event, null, event.getState());
  }

  @Override
  public void onPostUpdate(PostUpdateEvent event) {
    publish("update", event, event.getOldState(), event.getState());
  }

  @Override
  public void onPostDelete(PostDeleteEvent event) {
    publish("delete", event, event.getDeletedState(), null);
  }

  @Override
  public void onPostUpsert(PostUpsertEvent event) {
    publish("upsert", event, null, event.getState());
  }

  private void publish(
      String change,
      AbstractDatabaseOperationEvent event,
      Object @Nullable [] before,
      Object @Nullable [] after) {
    mapping(event.getPersister())
        .ifPresent(
            mapping ->
                SessionTransactions.of(event.getSession())
                    .whileWriting(
                        event.getSession(),
                        (honker, tx) ->
                            stream(honker, mapping)
                                .publish(
                                    tx,
                                    mapping.key(
                                        event.getId(),
                                        known(event, before, after),
                                        event.getSession()),
                                    mapping.payload(
                                        change,
                                        event.getId(),
                                        before,
                                        after,
                                        event.getSession()))));
  }

  private static EventStream<Map<String, @Nullable Object>> stream(
      Honker honker, ChangeMapping mapping) {
    return honker.stream(mapping.topic(), ChangeMapping.PAYLOAD);
  }

  /** A key is better taken from what the entity says than left out. */
  private static Object[] known(
      AbstractDatabaseOperationEvent event, Object @Nullable [] before, Object @Nullable [] after) {
    if (after != null) {
      return after;
    }
    return before != null ? before : event.getPersister().getValues(event.getEntity());
  }
}
