package io.honker.lab.h2;

import io.honker.Honker;
import io.honker.HonkerSettings;
import io.honker.error.HonkerConfigurationException;
import io.honker.runtime.OpenRuntimes;
import io.honker.runtime.StoreHonker;
import io.honker.spi.LocatedProvider;
import java.util.List;
import java.util.Map;

/** Opens H2 databases by URL, such as {@code jdbc:h2:mem:app} or {@code jdbc:h2:./app}. */
public final class H2Provider implements Honker.Provider {

  private static final OpenRuntimes OPEN = new OpenRuntimes();

  public H2Provider() {}

  @Override
  public String name() {
    return "h2";
  }

  @Override
  public int spiVersion() {
    return LocatedProvider.SPI_VERSION;
  }

  @Override
  public boolean accepts(String location) {
    return location.startsWith("jdbc:h2:");
  }

  @Override
  public Honker open(HonkerSettings settings) {
    if (!settings.storeOptions().isEmpty()) {
      throw new HonkerConfigurationException(
          settings.storeOptions().keySet().stream()
              .sorted()
              .map(name -> "option " + name + ": unknown; the H2 store has none")
              .toList(),
          null);
    }
    if (!accepts(settings.location())) {
      throw new HonkerConfigurationException(
          List.of("\"" + settings.location() + "\" is not a jdbc:h2: URL"), null);
    }
    Map<String, Object> options =
        Map.of(
            "clock", settings.clock(),
            "codec", settings.codec(),
            "observer", settings.observer(),
            "maxPayloadBytes", settings.maxPayloadBytes(),
            "notificationRetention", settings.notificationRetention());
    return OPEN.open(
        settings.location(),
        options,
        () -> new StoreHonker(H2Store.open(settings.location()), settings));
  }
}
