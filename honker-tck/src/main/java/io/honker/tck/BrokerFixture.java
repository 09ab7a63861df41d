package io.honker.tck;

import io.honker.transport.Transport;
import java.time.Duration;

/**
 * A broker of its own for the tests of one class, with its data on the disk. Each transport
 * supplies one.
 *
 * <p>Confined to one thread.
 *
 * @since 0.1.0
 */
public abstract class BrokerFixture implements AutoCloseable {

  /** Creates a fixture; the broker runs. */
  protected BrokerFixture() {}

  /**
   * Opens a transport to the broker.
   *
   * @param timeout of its calls
   * @param redeliverAfter how long unacknowledged events are left to a member
   * @return a new transport
   */
  public abstract Transport open(Duration timeout, Duration redeliverAfter);

  /**
   * Opens a transport to the broker that removes old events from its logs.
   *
   * @param timeout of its calls
   * @param retention how long events stay in a log
   * @return a new transport
   */
  public abstract Transport openForgetful(Duration timeout, Duration retention);

  /** Ends the broker at once, as {@code kill -9} does. Its data stays. */
  public abstract void kill();

  /** Starts the broker again after {@link #kill}, at the same address with the same data. */
  public abstract void restart();

  /** Makes the broker hang: connections stay open, nothing is answered. */
  public abstract void hang();

  /** Ends hanging; the broker carries out what it was sent. */
  public abstract void resume();

  /** Ends the broker for good. */
  @Override
  public abstract void close();
}
