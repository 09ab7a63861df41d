package io.honker.sqlite;

import io.honker.Honker;
import java.nio.file.Path;

/**
 * Opens a SQLite file without any search for providers, with typed options.
 *
 * <pre>{@code
 * try (Honker honker =
 *     SqliteHonker.open(Path.of("app.db"), SqliteOptions.builder().synchronous(FULL).build())) {
 *   ...
 * }
 * }</pre>
 *
 * @since 0.1.0
 */
public final class SqliteHonker {

  private SqliteHonker() {}

  /**
   * Opens a file with default options and creates it if it is missing.
   *
   * @param file the file, never null
   * @return the open database; close it
   */
  public static Honker open(Path file) {
    return open(file, SqliteOptions.defaults());
  }

  /**
   * Opens a file and creates it if it is missing.
   *
   * @param file the file, never null
   * @param options the store's options
   * @return the open database; close it
   * @throws io.honker.error.StoreUnavailableException if the file cannot be opened (rule F-7)
   */
  public static Honker open(Path file, SqliteOptions options) {
    return builder(file, options).open();
  }

  /**
   * Starts setting the options that are the same for every store.
   *
   * @param file the file, never null
   * @param options the store's options
   * @return a new builder
   */
  public static Honker.Builder builder(Path file, SqliteOptions options) {
    return options.asMap().entrySet().stream()
        .reduce(
            Honker.builder(file.toString()).provider(new SqliteProvider()),
            (builder, option) -> builder.storeOption(option.getKey(), option.getValue().toString()),
            (one, other) -> one);
  }
}
