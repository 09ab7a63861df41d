/** SQLite as Hibernate should see it (rule H-4). */
@NullMarked
package io.honker.orm.dialect;

import org.jspecify.annotations.NullMarked;
