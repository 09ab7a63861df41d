/** The SQL functions beside the real honker's. */
@NullMarked
package io.honker.lab.functions;

import org.jspecify.annotations.NullMarked;
