/** What entities and honker do together, on honker's connections and on the application's own. */
@NullMarked
package io.honker.orm;

import org.jspecify.annotations.NullMarked;
