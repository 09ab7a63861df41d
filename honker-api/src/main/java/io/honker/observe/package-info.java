/** The observer port: what happened, with names and durations and without payloads. */
@NullMarked
package io.honker.observe;

import org.jspecify.annotations.NullMarked;
