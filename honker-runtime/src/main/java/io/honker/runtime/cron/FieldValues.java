package io.honker.runtime.cron;

/**
 * What a field means.
 *
 * @param bits one bit for each value that matches
 * @param repeats whether a wildcard or a step made them
 * @param shared a spelling that honker understands as these values
 */
record FieldValues(long bits, boolean repeats, String shared) {}
