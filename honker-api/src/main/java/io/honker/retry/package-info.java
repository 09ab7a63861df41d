/** What follows a failure: another attempt after a while, or none. */
@NullMarked
package io.honker.retry;

import org.jspecify.annotations.NullMarked;
