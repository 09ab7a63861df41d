package io.honker.transport;

import java.util.function.Consumer;

/**
 * Messages to whoever is connected now, best effort: nothing is kept, nothing is sent again (rule
 * B-5). Safe for use by multiple threads.
 *
 * @since 0.1.0
 */
public interface Broadcast {

  /**
   * Sends a message.
   *
   * @param channel the channel, not blank
   * @param message the message, a JSON document
   * @throws TransportException if it could not be handed to the broker
   */
  void send(String channel, String message);

  /**
   * Receives the messages of a channel from now on, after the broker has confirmed that it will send
   * them. Survives lost connections; what is sent meanwhile is lost.
   *
   * @param channel the channel, not blank
   * @param receiver called on a thread of the transport, in order; must be quick
   * @return ends receiving when closed
   * @throws TransportException if the broker did not answer
   */
  AutoCloseable receive(String channel, Consumer<String> receiver);
}
