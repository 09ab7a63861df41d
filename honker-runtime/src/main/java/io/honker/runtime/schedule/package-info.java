/**
 * Schedules: which table holds them, when they fire, and who of all processes fires them (rules C-1
 * to C-6).
 */
@NullMarked
package io.honker.runtime.schedule;

import org.jspecify.annotations.NullMarked;
