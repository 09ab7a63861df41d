/** How payloads become JSON text and typed values again. */
@NullMarked
package io.honker.codec;

import org.jspecify.annotations.NullMarked;
