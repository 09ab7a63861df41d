/** Bridges between streams and channels of this database and a broker (rules B-2 to B-6). */
@NullMarked
package io.honker.runtime.bridge;

import org.jspecify.annotations.NullMarked;
