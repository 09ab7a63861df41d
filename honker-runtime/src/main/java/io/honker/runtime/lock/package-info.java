/** Locks and rate limits over the store ports (rules L-1, L-2). */
@NullMarked
package io.honker.runtime.lock;

import org.jspecify.annotations.NullMarked;
