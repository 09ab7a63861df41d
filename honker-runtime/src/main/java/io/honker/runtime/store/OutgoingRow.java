package io.honker.runtime.store;

import org.jspecify.annotations.Nullable;

/**
 * A stored event, and where it was received from if it was.
 *
 * @param mark null for an event of this database's own
 */
public record OutgoingRow(EventRow event, @Nullable ReceivedMark mark) {}
