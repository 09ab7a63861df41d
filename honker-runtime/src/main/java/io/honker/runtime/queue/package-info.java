/** Queues, workers and results over any store (rules ). */
@NullMarked
package io.honker.runtime.queue;

import org.jspecify.annotations.NullMarked;
