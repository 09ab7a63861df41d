/**
 * Read-only entities of honker's tables, so that HQL joins them with the application's (rule H-5).
 * {@link io.honker.orm.entity.HonkerEntities} lists them.
 */
@NullMarked
package io.honker.orm.entity;

import org.jspecify.annotations.NullMarked;
