package io.honker.transport;

/**
 * What a transport can do on the server it is connected to.
 *
 * <p>Immutable.
 *
 * @param log whether it keeps logs ({@link Transport#log})
 * @param broadcast whether it broadcasts ({@link Transport#broadcast})
 * @param maxEventBytes the largest payload of an event in bytes
 * @since 0.1.0
 */
public record TransportCapabilities(boolean log, boolean broadcast, long maxEventBytes) {}
