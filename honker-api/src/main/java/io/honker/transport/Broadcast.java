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
   * Sends a message. Blocks until the broker has it, for not much more than the timeout.
   *
   * @param channel the channel, not blank
   * @param message the message, a JSON document
   * @throws IllegalArgumentException if the channel is blank, or longer than 1,000 bytes in UTF-8
   * @throws TransportException if it could not be handed to the broker
   */
  void send(String channel, String message);

  /**
   * Receives the messages of a channel from now on, after the broker has confirmed that it will
   * send them; blocks until then, for not much more than the timeout. Survives lost connections;
   * what is sent meanwhile is lost.
   *
   * @param channel the channel, not blank
   * @param receiver called on a thread of the transport, in order; must be quick: what it cannot
   *     keep up with is dropped. What it throws is logged
   * @return ends receiving when closed, without waiting for a call that runs
   * @throws IllegalArgumentException if the channel is blank, or longer than 1,000 bytes in UTF-8
   * @throws TransportException if the broker did not answer
   */
  Subscription receive(String channel, Consumer<String> receiver);

  /**
   * Receives until it is closed. Safe for use by multiple threads.
   *
   * @since 0.1.0
   */
  interface Subscription extends AutoCloseable {

    /** Ends receiving. Idempotent. */
    @Override
    void close();
  }
}
