package io.honker.lab.bench;

import org.jspecify.annotations.Nullable;

/**
 * One question, asked of up to three sides.
 *
 * @param name the case's name on the command line and in the output
 * @param unit the figure's unit
 * @param ours this project
 * @param raw a bare sqlite-jdbc loop, null where there is no such thing
 * @param honker the real honker, null where it has no such thing
 */
record BenchCase(String name, String unit, Side ours, @Nullable Side raw, @Nullable Side honker) {}
