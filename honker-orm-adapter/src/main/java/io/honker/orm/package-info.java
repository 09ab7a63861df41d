/** Hibernate ORM on honker's connections. Reserved: it holds no code yet. */
@NullMarked
package io.honker.orm;

import org.jspecify.annotations.NullMarked;
