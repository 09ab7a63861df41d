package io.honker.orm;

import io.honker.codec.TypeRef;
import io.honker.error.HonkerConfigurationException;
import java.sql.Blob;
import java.sql.Clob;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.hibernate.boot.Metadata;
import org.hibernate.bytecode.enhance.spi.LazyPropertyInitializer;
import org.hibernate.engine.spi.SharedSessionContractImplementor;
import org.hibernate.mapping.PersistentClass;
import org.hibernate.mapping.Property;
import org.hibernate.persister.entity.EntityPersister;
import org.hibernate.proxy.HibernateProxy;
import org.hibernate.type.CompositeType;
import org.hibernate.type.EntityType;
import org.hibernate.type.Type;
import org.jspecify.annotations.Nullable;

/**
 * What the changes of one entity type look like as events.
 *
 * <p>Immutable.
 */
final class ChangeMapping {

  /** The payload's type. */
  static final TypeRef<Map<String, @Nullable Object>> PAYLOAD = new TypeRef<>() {};

  private final EntityPersister persister;
  private final PublishChanges wanted;

  ChangeMapping(EntityPersister persister, PublishChanges wanted) {
    this.persister = persister;
    this.wanted = wanted;
  }

  static @Nullable PublishChanges of(@Nullable Class<?> type) {
    return type == null ? null : type.getAnnotation(PublishChanges.class);
  }

  // ---- at boot

  /** Whether any entity publishes its changes; refuses descriptions that do not fit the mapping. */
  static boolean mapped(Metadata metadata) {
    List<String> problems = new ArrayList<>();
    boolean any = false;
    for (PersistentClass entity : metadata.getEntityBindings()) {
      PublishChanges wanted = entity.hasPojoRepresentation() ? of(entity.getMappedClass()) : null;
      if (wanted != null) {
        any = true;
        check(entity, wanted, problems);
      }
    }
    if (!problems.isEmpty()) {
      throw new HonkerConfigurationException(problems, null);
    }
    return any;
  }

  private static void check(PersistentClass entity, PublishChanges wanted, List<String> problems) {
    String where = "@PublishChanges of " + entity.getEntityName();
    if (wanted.topic().isBlank()) {
      problems.add(where + " has a blank topic");
    }
    if (!wanted.key().isEmpty()
        && entity.getPropertyClosure().stream()
            .filter(property -> !property.getType().isCollectionType())
            .map(Property::getName)
            .noneMatch(wanted.key()::equals)) {
      problems.add(
          where
              + " takes its key from "
              + wanted.key()
              + ", which is no attribute with one value; leave it out for the id");
    }
  }

  // ---- events

  String topic() {
    return wanted.topic();
  }

  /** The event's payload; a state is what Hibernate gives, null if it knows none. */
  Map<String, @Nullable Object> payload(
      String change,
      Object id,
      Object @Nullable [] before,
      Object @Nullable [] after,
      SharedSessionContractImplementor session) {
    Map<String, @Nullable Object> payload = new LinkedHashMap<>();
    payload.put("entity", persister.getJpaEntityName());
    payload.put("id", id(id, session));
    payload.put("change", change);
    payload.put("before", attributes(before, session));
    payload.put("after", attributes(after, session));
    return payload;
  }

  @Nullable String key(
      Object id, @Nullable Object[] state, SharedSessionContractImplementor session) {
    if (wanted.key().isEmpty()) {
      return text(id(id, session));
    }
    int index = Arrays.asList(persister.getPropertyNames()).indexOf(wanted.key());
    return text(value(persister.getPropertyTypes()[index], state[index], session));
  }

  private static @Nullable String text(@Nullable Object value) {
    if (value instanceof Map<?, ?> parts) {
      return parts.values().stream().map(String::valueOf).collect(Collectors.joining(","));
    }
    return value == null ? null : value.toString();
  }

  private @Nullable Object id(Object id, SharedSessionContractImplementor session) {
    return value(persister.getIdentifierType(), id, session);
  }

  private @Nullable Map<String, @Nullable Object> attributes(
      Object @Nullable [] state, SharedSessionContractImplementor session) {
    return state == null
        ? null
        : named(persister.getPropertyNames(), persister.getPropertyTypes(), state, session);
  }

  private static Map<String, @Nullable Object> named(
      String[] names,
      Type[] types,
      @Nullable Object[] values,
      SharedSessionContractImplementor session) {
    Map<String, @Nullable Object> named = new LinkedHashMap<>();
    for (int i = 0; i < names.length; i++) {
      if (isPublished(types[i], values[i])) {
        named.put(names[i], value(types[i], values[i], session));
      }
    }
    return named;
  }

  private static boolean isPublished(Type type, @Nullable Object value) {
    return !type.isCollectionType()
        && !Blob.class.isAssignableFrom(type.getReturnedClass())
        && !Clob.class.isAssignableFrom(type.getReturnedClass())
        && !LazyPropertyInitializer.UNFETCHED_PROPERTY.equals(value);
  }

  private static @Nullable Object value(
      Type type, @Nullable Object value, SharedSessionContractImplementor session) {
    if (value == null) {
      return null;
    }
    if (type instanceof EntityType association) {
      return associated(association, value, session);
    }
    if (type instanceof CompositeType embedded) {
      return named(
          embedded.getPropertyNames(),
          embedded.getSubtypes(),
          embedded.getPropertyValues(value, session),
          session);
    }
    return value;
  }

  private static @Nullable Object associated(
      EntityType type, Object entity, SharedSessionContractImplementor session) {
    EntityPersister other =
        session
            .getFactory()
            .getMappingMetamodel()
            .getEntityDescriptor(type.getAssociatedEntityName());
    Object id =
        entity instanceof HibernateProxy proxy
            ? proxy.getHibernateLazyInitializer().getInternalIdentifier()
            : other.getIdentifier(entity, session);
    return value(other.getIdentifierType(), id, session);
  }
}
