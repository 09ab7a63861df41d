/** Programs that prove and measure the other modules; not published. */
@NullMarked
package io.honker.lab;

import org.jspecify.annotations.NullMarked;
