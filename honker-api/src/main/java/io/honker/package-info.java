/**
 * The entry: {@link io.honker.Honker} opens a database and hands out every feature. Stores are
 * found by {@link java.util.ServiceLoader} through {@link io.honker.Honker.Provider}.
 */
@NullMarked
package io.honker;

import org.jspecify.annotations.NullMarked;
