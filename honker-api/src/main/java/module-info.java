/**
 * The ports of Honker for Java: what an application calls and what a store or transport provides.
 */
module io.honker {
  requires transitive java.sql;
  requires static transitive org.jspecify;

  exports io.honker;
  exports io.honker.bridge;
  exports io.honker.channel;
  exports io.honker.codec;
  exports io.honker.error;
  exports io.honker.lock;
  exports io.honker.observe;
  exports io.honker.queue;
  exports io.honker.retry;
  exports io.honker.schedule;
  exports io.honker.stream;
  exports io.honker.task;
  exports io.honker.spi;
  exports io.honker.time;
  exports io.honker.transport;
  exports io.honker.tx;

  uses io.honker.Honker.Provider;
  uses io.honker.transport.Transport.Provider;
}
