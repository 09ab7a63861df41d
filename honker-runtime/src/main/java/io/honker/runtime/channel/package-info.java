/** Channels: notify, listen, prune. */
@NullMarked
package io.honker.runtime.channel;

import org.jspecify.annotations.NullMarked;
