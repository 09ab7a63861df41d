/** What can go wrong, each with a stable code that {@code docs/errors.md} explains. */
@NullMarked
package io.honker.error;

import org.jspecify.annotations.NullMarked;
