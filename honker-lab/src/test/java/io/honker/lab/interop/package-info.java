/** The real honker and this library on one file. */
@NullMarked
package io.honker.lab.interop;

import org.jspecify.annotations.NullMarked;
