package io.honker.stream;

/**
 * A consumer and how far it is.
 *
 * <p>Immutable.
 *
 * @param name the consumer's or group's name
 * @param offset the saved offset; of a group, up to which all of its members are done
 * @param lag how many events it has not done yet, exact up to {@link EventStream#COUNT_LIMIT}
 * @since 0.1.0
 */
public record StreamConsumer(String name, long offset, long lag) {}
