/**
 * Recurring jobs: cron expressions and intervals, with time zones, daylight saving rules and
 * catch-up after downtime, fired by one leader among all processes (rules C-1 to C-6).
 */
@NullMarked
package io.honker.schedule;

import org.jspecify.annotations.NullMarked;
