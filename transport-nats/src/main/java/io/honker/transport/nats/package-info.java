/** Carries streams over NATS. Reserved: it holds no code yet. */
@NullMarked
package io.honker.transport.nats;

import org.jspecify.annotations.NullMarked;
