/** Schedules beside the real honker, through clock changes, and against a second opinion. */
@org.jspecify.annotations.NullMarked
package io.honker.lab.cron;
