/**
 * What {@code honker bridge run} does: {@link io.honker.cli.bridge.BridgesFile} reads the
 * configuration and finds what is wrong with it, {@link io.honker.cli.bridge.BridgesRun} runs what
 * it says.
 */
@NullMarked
package io.honker.cli.bridge;

import org.jspecify.annotations.NullMarked;
