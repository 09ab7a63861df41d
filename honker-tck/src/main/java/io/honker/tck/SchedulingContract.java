package io.honker.tck;

import io.honker.schedule.Fire;
import io.honker.schedule.Schedule;
import io.honker.schedule.ScheduleInfo;
import io.honker.schedule.Scheduler;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.stream.Stream;

/** What the contracts of schedules share that are fired by hand. */
abstract class SchedulingContract extends StoreContract {

  static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
  static final Duration HOUR = Duration.ofHours(1);

  Scheduler scheduler() {
    return honker.scheduler();
  }

  static Schedule.Builder minutely(String name) {
    return Schedule.cron(name, "* * * * *", "jobs");
  }

  static Schedule.Builder hourly(String name) {
    return Schedule.every(name, HOUR, "jobs");
  }

  ScheduleInfo info(String name) {
    return scheduler().find(name).orElseThrow(() -> new AssertionError(name + " is gone"));
  }

  Instant nextFireAt(String name) {
    return info(name).nextFireAt();
  }

  List<Fire> tick() {
    return scheduler().tick(now());
  }

  static List<Instant> times(List<Fire> fires) {
    return fires.stream().map(Fire::fireAt).toList();
  }

  static List<String> names(List<Fire> fires) {
    return fires.stream().map(Fire::schedule).toList();
  }

  /** Instants from one on, so many steps. */
  static List<Instant> series(Instant first, Duration step, int count) {
    return Stream.iterate(first, at -> at.plus(step)).limit(count).toList();
  }

  Instant in(Duration time) {
    return now().plus(time);
  }
}
