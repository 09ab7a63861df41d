/**
 * Carries streams over Redis 7.0 and later: a log is one Redis stream, appended to by one script.
 */
@NullMarked
package io.honker.transport.redis;

import org.jspecify.annotations.NullMarked;
