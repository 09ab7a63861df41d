/**
 * Durable queues: enqueue in the business transaction, claim under a lease, retry, dead letters and
 * results (rules ).
 */
@NullMarked
package io.honker.queue;

import org.jspecify.annotations.NullMarked;
