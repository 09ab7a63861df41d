/** Assembles the features over one store into a {@link io.honker.Honker}. */
@NullMarked
package io.honker.runtime;

import org.jspecify.annotations.NullMarked;
