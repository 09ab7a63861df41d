/** Runnable programs that show how honker is used; each has a {@code main} method. */
@NullMarked
package io.honker.examples;

import org.jspecify.annotations.NullMarked;
