package io.honker.lab.prove;

import io.honker.Honker;
import io.honker.codec.Json;
import io.honker.queue.JobQueue;
import java.util.ArrayList;
import java.util.List;

/**
 * Enqueues {"p":NAME,"i":k} for k = 0, 1, 2 ..., alone, in batches and in transactions, at most so
 * many times a second and while not too many wait. Arguments: file, queue, seconds, name, rate.
 */
final class ProducerRole implements Role {

  private static final int BATCH = 8;
  private static final int ENOUGH_WAITING = 3_000;
  private static final int LOOK_EVERY = 256;
  private static final long PAUSE_NANOS = 5_000_000;

  /** A start that came late is made up for, a longer stall is not; as producer.js has it. */
  private static final long MADE_UP_NANOS = 50_000_000;

  @Override
  public void play(List<String> arguments, Parent parent) throws Exception {
    long end = System.nanoTime() + Long.parseLong(arguments.get(2)) * 1_000_000_000L;
    String name = arguments.get(3);
    long gap = 1_000_000_000L / Integer.parseInt(arguments.get(4));
    Report report = new Report();
    try (Honker honker = Honker.open(arguments.get(0))) {
      JobQueue<Json> queue = honker.queue(arguments.get(1), Json.class);
      long due = System.nanoTime();
      int turn = 0;
      for (long now = due; now - end < 0; now = System.nanoTime()) {
        if (now - due < 0) {
          Waiting.pass(due - now);
        } else if (turn % LOOK_EVERY == 0 && queue.stats().ready() > ENOUGH_WAITING) {
          Waiting.pass(PAUSE_NANOS);
        } else {
          due = Math.max(due, now - MADE_UP_NANOS) + gap;
          enqueue(turn, name, honker, queue, report);
          turn++;
        }
      }
    }
    parent.tell(report.line("enqueued"));
  }

  private static void enqueue(
      int turn, String name, Honker honker, JobQueue<Json> queue, Report report) {
    int count = turn % 8 == 0 ? BATCH : 1;
    List<Json> payloads = new ArrayList<>();
    for (long i = report.doneSoFar(); payloads.size() < count; i++) {
      payloads.add(Json.of("{\"p\":\"" + name + "\",\"i\":" + i + "}"));
    }
    try {
      List<Long> ids = report.stopwatch().time(() -> enqueue(turn, payloads, honker, queue));
      report.done(ids.size());
    } catch (Exception e) {
      report.error(e);
    }
  }

  private static List<Long> enqueue(
      int turn, List<Json> payloads, Honker honker, JobQueue<Json> queue) {
    return switch (turn % 8) {
      case 0 -> queue.enqueueAll(payloads);
      case 1 ->
          List.of(
              honker.<Long, RuntimeException>fromTransaction(
                  tx -> queue.enqueue(tx, payloads.get(0))));
      default -> List.of(queue.enqueue(payloads.get(0)));
    };
  }
}
