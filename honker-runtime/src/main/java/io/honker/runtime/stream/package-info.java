/** Event streams: publishing, reading, subscriptions, consumer groups. */
@NullMarked
package io.honker.runtime.stream;

import org.jspecify.annotations.NullMarked;
