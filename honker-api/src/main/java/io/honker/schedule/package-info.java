/** Schedules: when a time of day runs that a clock change removes or repeats (rule C-2). */
@NullMarked
package io.honker.schedule;

import org.jspecify.annotations.NullMarked;
