package io.honker.spi;

/**
 * What is common to everything that {@link java.util.ServiceLoader} finds by a location: its name,
 * the interface version it was written for, and which locations it takes.
 *
 * <p>Implementations have a public no-argument constructor and are safe for use by multiple
 * threads.
 *
 * @since 0.1.0
 */
public interface LocatedProvider {

  /** The version of the provider interfaces of this artifact. */
  int SPI_VERSION = 1;

  /**
   * Returns the provider's stable lower-case name.
   *
   * @return a name such as {@code sqlite}
   */
  String name();

  /**
   * Tells which version of the provider interface this provider was compiled against. Return the
   * constant {@link #SPI_VERSION}: the compiler copies its value.
   *
   * @return the version
   */
  int spiVersion();

  /**
   * Tells whether this provider opens such a location. Must not touch the disk or the network.
   *
   * @param location a path or URL
   * @return true if it would try
   */
  boolean accepts(String location);
}
