package io.honker.transport;

/**
 * One event as a {@link RemoteReader} hands it out.
 *
 * <p>Immutable.
 *
 * @param source where it comes from
 * @param event the event
 * @param position its place in the remote log, as the transport writes it
 * @since 0.1.0
 */
public record ReceivedEvent(Source source, RemoteEvent event, String position) {}
