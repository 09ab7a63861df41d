/** What every background loop stands on: commit signals, named threads, whole seconds. */
@NullMarked
package io.honker.runtime.loop;

import org.jspecify.annotations.NullMarked;
