/** Carries streams over Redis. Reserved: it holds no code yet. */
@NullMarked
package io.honker.transport.redis;

import org.jspecify.annotations.NullMarked;
