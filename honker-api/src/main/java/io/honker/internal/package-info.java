/** Helpers of this module; not exported. */
@NullMarked
package io.honker.internal;

import org.jspecify.annotations.NullMarked;
