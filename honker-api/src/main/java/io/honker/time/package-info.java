/** The clock port: what time it is, and how a thread waits for a point in time. */
@NullMarked
package io.honker.time;

import org.jspecify.annotations.NullMarked;
