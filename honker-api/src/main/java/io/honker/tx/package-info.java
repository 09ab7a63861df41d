/** Transactions: business rows and everything honker writes, in one commit (rules T-1 to T-5). */
@NullMarked
package io.honker.tx;

import org.jspecify.annotations.NullMarked;
