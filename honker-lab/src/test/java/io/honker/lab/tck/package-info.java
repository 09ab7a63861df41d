/** Whether the contract kit catches what it is there to catch, and covers the specification. */
@NullMarked
package io.honker.lab.tck;

import org.jspecify.annotations.NullMarked;
