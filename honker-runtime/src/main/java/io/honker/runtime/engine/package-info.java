/**
 * What every feature of one open database shares: store, clock, codec, observer, signals, and the
 * transactions over them.
 */
@NullMarked
package io.honker.runtime.engine;

import org.jspecify.annotations.NullMarked;
