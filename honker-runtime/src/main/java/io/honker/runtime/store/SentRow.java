package io.honker.runtime.store;

import io.honker.transport.Source;

/**
 * How far a bridge is with a source's events, as offsets of that source.
 *
 * @param intended the last that may have left this machine; of an inbound bridge, 0 or the last of
 *     those that are missing, as its detail names them
 * @param acknowledged the last that the broker has acknowledged; of an inbound bridge, the last
 *     that has come by it
 */
public record SentRow(Source source, long intended, long acknowledged) {}
