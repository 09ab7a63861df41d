/**
 * Schedule expressions and the times they mean (rules C-1 and C-2): honker's grammar to the letter,
 * a richer one for Java, and fire times that are right when clocks change. Pure: no clock, no
 * store.
 */
@NullMarked
package io.honker.runtime.cron;

import org.jspecify.annotations.NullMarked;
