/** What providers of stores and of transports have in common. */
@NullMarked
package io.honker.spi;

import org.jspecify.annotations.NullMarked;
