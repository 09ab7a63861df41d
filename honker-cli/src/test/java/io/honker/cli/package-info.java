/** Every command is tried as its user would: in a process of its own. */
@NullMarked
package io.honker.cli;

import org.jspecify.annotations.NullMarked;
