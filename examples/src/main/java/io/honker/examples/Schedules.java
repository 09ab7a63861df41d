package io.honker.examples;

import io.honker.Honker;
import io.honker.queue.JobQueue;
import io.honker.queue.Worker;
import io.honker.schedule.CatchUp;
import io.honker.schedule.RunningScheduler;
import io.honker.schedule.Schedule;
import io.honker.schedule.Scheduler;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Recurring jobs: a cron expression with a time zone, and an interval that fires at once here. */
public final class Schedules {

  private Schedules() {}

  public static void main(String[] args) throws Exception {
    Path file = Files.createTempDirectory("honker-schedules").resolve("reports.db");
    try (Honker honker = Honker.open(file)) {
      Scheduler scheduler = honker.scheduler();
      ZoneId berlin = ZoneId.of("Europe/Berlin");
      scheduler.register(
          Schedule.cron("nightly", "30 2 * * MON-FRI", "reports")
              .payload("sales of the day")
              .zone(berlin)
              .catchUp(CatchUp.latest())
              .build());
      for (Instant fire : scheduler.next("nightly", 3)) {
        System.out.println("nightly will fire at " + fire.atZone(berlin));
      }

      scheduler.register(
          Schedule.every("heartbeat", Duration.ofSeconds(1), "reports").payload("alive").build());
      JobQueue<String> reports = honker.queue("reports", String.class);
      CountDownLatch fired = new CountDownLatch(2);
      try (Worker worker =
              reports
                  .worker(
                      job -> {
                        System.out.println("report: " + job.payload());
                        fired.countDown();
                      })
                  .start();
          RunningScheduler running = scheduler.start()) {
        if (!fired.await(60, TimeUnit.SECONDS) || !worker.isRunning() || !running.isLeader()) {
          throw new IllegalStateException("the heartbeat did not fire");
        }
      }
      scheduler.pause("heartbeat");
      scheduler.list().forEach(s -> System.out.println(s.name() + " enabled: " + s.enabled()));
    }
    System.out.println("schedules: ok");
  }
}
