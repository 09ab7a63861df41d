package io.honker.queue;

/**
 * What became of the jobs a worker had in hand when it was told to stop.
 *
 * <p>Immutable.
 *
 * @param finished how many handlers finished within the grace, successful or not
 * @param handedBack how many jobs were handed back unfinished, interrupted or not yet begun
 * @since 0.1.0
 */
public record DrainReport(int finished, int handedBack) {}
