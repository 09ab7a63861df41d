/**
 * The SQLite store: connections, write lane, wake-up, schema, and one class of SQL per store port.
 */
@NullMarked
package io.honker.sqlite.internal;

import org.jspecify.annotations.NullMarked;
