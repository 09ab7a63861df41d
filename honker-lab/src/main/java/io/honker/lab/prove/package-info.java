/**
 * Proves under injected faults what the documentation promises: {@code bin/prove CASE}. One class
 * per case, and one per role that a child process plays.
 */
@NullMarked
package io.honker.lab.prove;

import org.jspecify.annotations.NullMarked;
