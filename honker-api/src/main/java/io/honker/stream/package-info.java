/**
 * Durable event streams: publish in the business transaction, read, subscribe at least once or
 * exactly once, share a topic in consumer groups (rules S-1 to S-5, S-7).
 */
@NullMarked
package io.honker.stream;

import org.jspecify.annotations.NullMarked;
