/**
 * Hibernate ORM on honker's connections: entities and honker's writes in one transaction (rules H-1
 * to H-6). {@link io.honker.orm.HonkerOrm} is the way in.
 */
@NullMarked
package io.honker.orm;

import org.jspecify.annotations.NullMarked;
