package io.honker.sqlite;

import io.honker.Honker;
import io.honker.HonkerSettings;
import io.honker.runtime.OpenRuntimes;
import io.honker.runtime.StoreHonker;
import io.honker.spi.LocatedProvider;
import io.honker.sqlite.internal.SqliteLocation;
import io.honker.sqlite.internal.SqliteSettings;
import io.honker.sqlite.internal.SqliteStore;
import java.util.HashMap;
import java.util.Map;

/**
 * Opens SQLite files: a path such as {@code app.db}, or a URL such as {@code jdbc:sqlite:app.db}.
 *
 * <p>Safe for use by multiple threads.
 *
 * @since 0.1.0
 */
public final class SqliteProvider implements Honker.Provider {

  private static final OpenRuntimes OPEN = new OpenRuntimes();

  /** Makes the provider; {@link java.util.ServiceLoader} calls this. */
  public SqliteProvider() {}

  @Override
  public String name() {
    return "sqlite";
  }

  @Override
  public int spiVersion() {
    return LocatedProvider.SPI_VERSION;
  }

  @Override
  public boolean accepts(String location) {
    return SqliteLocation.accepts(location);
  }

  @Override
  public Honker open(HonkerSettings settings) {
    SqliteOptions options = SqliteOptions.parse(settings.storeOptions());
    SqliteLocation location = SqliteLocation.prepare(settings.location());
    Map<String, Object> all = new HashMap<>(options.asMap());
    all.put("clock", settings.clock());
    all.put("codec", settings.codec());
    all.put("observer", settings.observer());
    all.put("maxPayloadBytes", settings.maxPayloadBytes());
    all.put("notificationRetention", settings.notificationRetention());
    return OPEN.open(
        location.realPath(),
        all,
        () ->
            new StoreHonker(
                SqliteStore.open(
                    location, plain(options), settings.clock(), settings.observer()::onEvent),
                settings));
  }

  private static SqliteSettings plain(SqliteOptions options) {
    return new SqliteSettings(
        options.synchronous().name(),
        options.readers(),
        options.writerTimeout(),
        options.walAutocheckpoint(),
        options.maxWriterHold().orElse(null));
  }
}
