/**
 * The SQLite store: open it through {@link io.honker.Honker#open} or {@link
 * io.honker.sqlite.SqliteHonker}.
 */
@NullMarked
package io.honker.sqlite;

import org.jspecify.annotations.NullMarked;
