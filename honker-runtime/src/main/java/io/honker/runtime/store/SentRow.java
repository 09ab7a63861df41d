package io.honker.runtime.store;

import io.honker.transport.Source;

/**
 * How far a bridge has sent a source's events, as offsets of that source.
 *
 * @param intended the last that may have left this machine
 * @param acknowledged the last that the broker has acknowledged
 */
public record SentRow(Source source, long intended, long acknowledged) {}
