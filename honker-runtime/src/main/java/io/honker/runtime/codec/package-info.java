/** The default payload codec, on Jackson 3 with a frozen configuration. */
@NullMarked
package io.honker.runtime.codec;

import org.jspecify.annotations.NullMarked;
