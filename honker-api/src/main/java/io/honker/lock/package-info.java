/** Locks with leases and fencing tokens, and rate limits, across processes (rules L-1, L-2). */
@NullMarked
package io.honker.lock;

import org.jspecify.annotations.NullMarked;
