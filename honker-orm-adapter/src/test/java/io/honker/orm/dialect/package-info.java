/** What the dialect does better than the stock one of the same version, each time shown on both. */
@NullMarked
package io.honker.orm.dialect;

import org.jspecify.annotations.NullMarked;
