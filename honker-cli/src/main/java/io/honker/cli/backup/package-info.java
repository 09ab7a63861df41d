/** Copies of databases that are in use: what {@code honker backup} does. */
@NullMarked
package io.honker.cli.backup;

import org.jspecify.annotations.NullMarked;
