/**
 * Ways to other machines: a log that keeps events in order, and broadcast. What a bridge between a
 * local stream and a broker stands on (rules B-1, B-7); transports know neither the database nor
 * the bridge's bookkeeping.
 */
@NullMarked
package io.honker.transport;

import org.jspecify.annotations.NullMarked;
