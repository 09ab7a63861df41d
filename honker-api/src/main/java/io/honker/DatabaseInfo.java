package io.honker;

/**
 * What a database is and how it does, at one moment.
 *
 * <p>Immutable.
 *
 * @param location the path or URL it was opened with
 * @param store the provider's name and the engine's version, such as {@code sqlite 3.54.1}
 * @param databaseId the identity of this database file, made when it was first opened by this
 *     library
 * @param walBytes the size of the write-ahead log in bytes, 0 where the store has none
 * @param sizeBytes the size of the database itself in bytes
 * @since 0.1.0
 */
public record DatabaseInfo(
    String location, String store, String databaseId, long walBytes, long sizeBytes) {}
