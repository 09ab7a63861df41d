package io.honker;

import io.honker.codec.PayloadCodec;
import io.honker.observe.HonkerObserver;
import io.honker.time.HonkerClock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the application asked for when opening, handed to its provider.
 *
 * <p>Immutable; made by the builder.
 *
 * @since 0.1.0
 */
public final class HonkerSettings {

  private final String location;
  private final HonkerClock clock;
  private final Optional<PayloadCodec> codec;
  private final HonkerObserver observer;
  private final long maxPayloadBytes;
  private final Optional<Duration> notificationRetention;
  private final Map<String, String> storeOptions;

  HonkerSettings(
      String location,
      HonkerClock clock,
      @Nullable PayloadCodec codec,
      HonkerObserver observer,
      long maxPayloadBytes,
      @Nullable Duration notificationRetention,
      Map<String, String> storeOptions) {
    this.location = location;
    this.clock = clock;
    this.codec = Optional.ofNullable(codec);
    this.observer = observer;
    this.maxPayloadBytes = maxPayloadBytes;
    this.notificationRetention = Optional.ofNullable(notificationRetention);
    this.storeOptions = Map.copyOf(storeOptions);
  }

  /**
   * Returns the path or URL to open.
   *
   * @return the location as the application wrote it
   */
  public String location() {
    return location;
  }

  /**
   * Returns the clock.
   *
   * @return the clock, the system's by default
   */
  public HonkerClock clock() {
    return clock;
  }

  /**
   * Returns the application's codec.
   *
   * @return the codec, empty for the runtime's default
   */
  public Optional<PayloadCodec> codec() {
    return codec;
  }

  /**
   * Returns the observer.
   *
   * @return the observer, one that ignores everything by default
   */
  public HonkerObserver observer() {
    return observer;
  }

  /**
   * Returns the largest payload allowed.
   *
   * @return a size in bytes of UTF-8
   */
  public long maxPayloadBytes() {
    return maxPayloadBytes;
  }

  /**
   * Returns after how long notifications are pruned without being asked.
   *
   * @return the age, empty for never
   */
  public Optional<Duration> notificationRetention() {
    return notificationRetention;
  }

  /**
   * Returns the options meant for the store, by name.
   *
   * @return an unmodifiable map; a provider refuses names it does not know
   */
  public Map<String, String> storeOptions() {
    return storeOptions;
  }
}
