/**
 * The driven ports: what a store must provide so that everything above runs on it. A JDBC
 * connection and plain values go in, plain values come out; one port per group of tables.
 */
@NullMarked
package io.honker.runtime.store;

import org.jspecify.annotations.NullMarked;
