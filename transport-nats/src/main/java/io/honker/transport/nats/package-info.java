/**
 * Carries streams over NATS 2.9 and later: a log is one JetStream stream with one subject per
 * source.
 */
@NullMarked
package io.honker.transport.nats;

import org.jspecify.annotations.NullMarked;
