package io.honker.bridge;

/**
 * Collects what a channel bridge needs and starts it (rule B-5).
 *
 * <p>Not thread-safe. {@link #start} reports every problem at once.
 *
 * @since 0.1.0
 */
public interface ChannelBridgeBuilder {

  /**
   * Names the bridge.
   *
   * @param name not blank; default {@code channel <channel>}
   * @return this builder
   */
  ChannelBridgeBuilder named(String name);

  /**
   * Sets the broker's channel.
   *
   * @param channel not blank; default the local channel's name
   * @return this builder
   */
  ChannelBridgeBuilder toChannel(String channel);

  /**
   * Only sends; what others send is not heard here.
   *
   * @return this builder
   */
  ChannelBridgeBuilder sendOnly();

  /**
   * Only receives; local notifications stay here.
   *
   * @return this builder
   */
  ChannelBridgeBuilder receiveOnly();

  /**
   * Starts the bridge.
   *
   * @return the running bridge; close it before the transport
   * @throws io.honker.error.HonkerConfigurationException listing every problem
   * @throws io.honker.transport.TransportException if the broker cannot be reached
   * @throws IllegalStateException if this Honker runs a bridge of that name already
   */
  Bridge start();
}
