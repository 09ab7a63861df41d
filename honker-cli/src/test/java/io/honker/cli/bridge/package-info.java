/** Tests of what {@code honker bridge run} reads. */
@NullMarked
package io.honker.cli.bridge;

import org.jspecify.annotations.NullMarked;
