package io.honker.lab.functions;

import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Random calls of all functions. Most make sense together: few names, so that they meet; job ids
 * that are likely to be there. Some arguments are nonsense: another type, far out of range, null.
 */
final class Operations {

  private static final double NONSENSE = 0.02;

  private static final List<String> ODD =
      List.of(
          "NULL",
          "'12'",
          "''",
          "'x'",
          "x'4142'",
          "1.5",
          "-0.25",
          "7.0",
          "1e300",
          "9e999",
          "0",
          "-1",
          "9223372036854775807",
          "-9223372036854775808",
          "4611686018427387904.0");

  private static final List<String> CRON =
      List.of(
          "'* * * * *'",
          "'*/5 * * * *'",
          "'* * * * * *'",
          "'*/7 * * * * *'",
          "'30 2 * * *'",
          "'0 9-17/2 * * 1-5'",
          "'5/15 * * * *'",
          "'@every 1s'",
          "'@every 90s'",
          "'@every2h'",
          "' @every  3d '",
          "'0 0 29 2 *'",
          "'@hourly'",
          "'* * * *'",
          "'61 * * * *'",
          "'*/0 * * * *'",
          "'1,,2 * * * *'",
          "'@every 5w'",
          "'@every 0s'",
          "'@every 9223372036854775807s'",
          "'* * * * 7'",
          "''");

  /** What stands for one argument. */
  private enum Kind {
    QUEUE(r -> r.name("q", 3)),
    PAYLOAD(Operations::payload),
    PAYLOAD_OR_NULL(r -> r.oneOf("NULL", r.payload())),
    TIME_OR_NULL(r -> r.oneOf("NULL", "NULL", "unixepoch()" + r.signed(), "0")),
    DELAY_OR_NULL(r -> r.oneOf("NULL", "NULL", "NULL", "0", "1", "60", "-5", "2.0")),
    PRIORITY(r -> Integer.toString(r.below(7) - 2)),
    PRIORITY_OR_NULL(r -> r.oneOf("NULL", "0", "5")),
    MAX_ATTEMPTS(r -> r.oneOf("3", "3", "1", "1", "2", "0", "-1")),
    MAX_ATTEMPTS_OR_NULL(r -> r.oneOf("NULL", "5", "0")),
    EXPIRES_OR_NULL(r -> r.oneOf("NULL", "NULL", "NULL", "1", "60", "0", "-1")),
    WORKER(r -> r.name("w", 2)),
    COUNT(r -> r.oneOf("1", "1", "2", "5", "32", "0", "-1")),
    TIMEOUT(r -> r.oneOf("300", "300", "300", "1", "0", "-1")),
    JOB(Operations::job),
    ANY_JOB(r -> Integer.toString(1 + r.below(12))),
    JOBS(Operations::jobs),
    ERROR(r -> r.oneOf("'broken'", "''", "'\"quoted\" and \u00fcber'")),
    LOCK(r -> r.name("l", 3)),
    TTL(r -> r.oneOf("60", "60", "1", "0", "-1", "3600")),
    LIMIT(r -> r.oneOf("1", "2", "5", "0", "-1")),
    PER(r -> r.oneOf("1", "60", "3600", "0", "-5")),
    AGE(r -> r.oneOf("0", "60", "3600", "-5", "1")),
    TASK(r -> r.name("s", 4)),
    EXPRESSION(r -> r.oneOf(CRON)),
    EXPRESSION_OR_NULL(r -> r.oneOf("NULL", "NULL", r.oneOf(CRON))),
    FLAG(r -> r.oneOf("0", "0", "1", "-1")),
    NOW(r -> r.oneOf("unixepoch()", "unixepoch() + 5", "unixepoch() + 150", "unixepoch() - 9")),
    TOPIC(r -> r.name("t", 2)),
    KEY_OR_NULL(r -> r.oneOf("NULL", "'k1'", "''")),
    OFFSET(r -> Integer.toString(r.below(r.rounds + 2) - 1)),
    CONSUMER(r -> r.name("c", 2)),
    FROM(r -> Long.toString((long) (r.random.nextDouble() * 4e9) - 1_000_000_000L));

    private final Function<Operations, String> make;

    Kind(Function<Operations, String> make) {
      this.make = make;
    }
  }

  private record Call(String name, int weight, List<Kind> arguments) {}

  private static final List<Call> CALLS =
      List.of(
          call("notify", 2, Kind.TOPIC, Kind.PAYLOAD),
          call("honker_bootstrap", 1),
          call(
              "honker_enqueue",
              22,
              Kind.QUEUE,
              Kind.PAYLOAD,
              Kind.TIME_OR_NULL,
              Kind.DELAY_OR_NULL,
              Kind.PRIORITY,
              Kind.MAX_ATTEMPTS,
              Kind.EXPIRES_OR_NULL),
          call("honker_claim_batch", 14, Kind.QUEUE, Kind.WORKER, Kind.COUNT, Kind.TIMEOUT),
          call("honker_ack", 5, Kind.JOB, Kind.WORKER),
          call("honker_ack_batch", 3, Kind.JOBS, Kind.WORKER),
          call("honker_retry", 8, Kind.JOB, Kind.WORKER, Kind.DELAY_OR_NULL, Kind.ERROR),
          call("honker_fail", 4, Kind.JOB, Kind.WORKER, Kind.ERROR),
          call("honker_heartbeat", 4, Kind.JOB, Kind.WORKER, Kind.TIMEOUT),
          call("honker_cancel", 2, Kind.JOB),
          call("honker_get_job", 6, Kind.JOB),
          call("honker_queue_next_claim_at", 4, Kind.QUEUE),
          call("honker_sweep_expired", 3, Kind.QUEUE),
          call("honker_lock_acquire", 5, Kind.LOCK, Kind.WORKER, Kind.TTL),
          call("honker_lock_release", 2, Kind.LOCK, Kind.WORKER),
          call("honker_lock_renew", 3, Kind.LOCK, Kind.WORKER, Kind.TTL),
          call("honker_rate_limit_try", 5, Kind.LOCK, Kind.LIMIT, Kind.PER),
          call("honker_rate_limit_sweep", 1, Kind.AGE),
          call(
              "honker_scheduler_register",
              3,
              Kind.TASK,
              Kind.QUEUE,
              Kind.EXPRESSION,
              Kind.PAYLOAD,
              Kind.PRIORITY,
              Kind.EXPIRES_OR_NULL),
          call(
              "honker_scheduler_register",
              3,
              Kind.TASK,
              Kind.QUEUE,
              Kind.EXPRESSION,
              Kind.PAYLOAD,
              Kind.PRIORITY,
              Kind.EXPIRES_OR_NULL,
              Kind.MAX_ATTEMPTS),
          call("honker_scheduler_unregister", 1, Kind.TASK),
          call("honker_scheduler_tick", 3, Kind.NOW),
          call("honker_scheduler_soonest", 2),
          call("honker_scheduler_pause", 2, Kind.TASK),
          call("honker_scheduler_resume", 2, Kind.TASK),
          call("honker_scheduler_list", 3),
          call(
              "honker_scheduler_update",
              3,
              Kind.TASK,
              Kind.EXPRESSION_OR_NULL,
              Kind.PAYLOAD_OR_NULL,
              Kind.PRIORITY_OR_NULL,
              Kind.EXPIRES_OR_NULL,
              Kind.FLAG),
          call(
              "honker_scheduler_update",
              3,
              Kind.TASK,
              Kind.EXPRESSION_OR_NULL,
              Kind.PAYLOAD_OR_NULL,
              Kind.PRIORITY_OR_NULL,
              Kind.EXPIRES_OR_NULL,
              Kind.FLAG,
              Kind.MAX_ATTEMPTS_OR_NULL,
              Kind.FLAG),
          call("honker_cron_next_after", 5, Kind.EXPRESSION, Kind.FROM),
          call("honker_result_save", 5, Kind.ANY_JOB, Kind.PAYLOAD, Kind.TTL),
          call("honker_result_get", 5, Kind.ANY_JOB),
          call("honker_result_sweep", 2),
          call("honker_stream_publish", 6, Kind.TOPIC, Kind.KEY_OR_NULL, Kind.PAYLOAD),
          call("honker_stream_read_since", 4, Kind.TOPIC, Kind.OFFSET, Kind.COUNT),
          call("honker_stream_save_offset", 4, Kind.CONSUMER, Kind.TOPIC, Kind.OFFSET),
          call("honker_stream_get_offset", 3, Kind.CONSUMER, Kind.TOPIC));

  private static final List<Call> WEIGHED =
      CALLS.stream().flatMap(c -> Stream.generate(() -> c).limit(c.weight())).toList();

  private final Random random;
  private int rounds;

  Operations(long seed) {
    this.random = new Random(seed);
  }

  private static Call call(String name, int weight, Kind... arguments) {
    return new Call(name, weight, List.of(arguments));
  }

  /** The names of all functions that are called. */
  static List<String> names() {
    return CALLS.stream().map(Call::name).distinct().toList();
  }

  /** The next call, as one statement with one column {@code r}. */
  String next() {
    rounds++;
    Call call = WEIGHED.get(random.nextInt(WEIGHED.size()));
    List<Kind> kinds = call.arguments();
    if (random.nextInt(300) == 0) {
      kinds = random.nextBoolean() ? kinds.subList(0, kinds.size() / 2) : List.of(Kind.values());
    }
    return kinds.stream()
        .map(kind -> random.nextDouble() < NONSENSE ? oneOf(ODD) : kind.make.apply(this))
        .collect(Collectors.joining(", ", "SELECT " + call.name() + "(", ") AS r"));
  }

  private int below(int bound) {
    return random.nextInt(bound);
  }

  private String oneOf(String... texts) {
    return oneOf(List.of(texts));
  }

  private String oneOf(List<String> texts) {
    return texts.get(random.nextInt(texts.size()));
  }

  private String name(String prefix, int different) {
    return "'" + prefix + random.nextInt(different) + "'";
  }

  private String signed() {
    return oneOf(" - 5", " + 0", " + 1", " + 2", " + 60");
  }

  /** One that is claimed, one that waits, or a number. */
  private String job() {
    String state = oneOf("processing", "processing", "pending");
    String found =
        "(SELECT id FROM _honker_live WHERE state = '%s' ORDER BY id LIMIT 1 OFFSET %d)"
            .formatted(state, below(4));
    return below(5) == 0 ? Integer.toString(below(60)) : "coalesce(" + found + ", 3)";
  }

  private String jobs() {
    String claimed =
        "(SELECT json_group_array(id) FROM _honker_live WHERE state = 'processing' AND id % 2 = 0)";
    String ids =
        Stream.generate(() -> Integer.toString(below(60)))
            .limit(1 + random.nextInt(8))
            .collect(Collectors.joining(","));
    return oneOf(
        claimed,
        claimed,
        "'[" + ids + "]'",
        "'[" + ids + ", \"3\", null, 4.0, [5]]'",
        "'{\"a\":" + below(60) + "}'",
        oneOf("'7'", "'[1,'", "''"));
  }

  private String payload() {
    return oneOf(
        "'{\"n\":" + random.nextInt(100) + "}'",
        "'\"text\"'",
        "'null'",
        "''",
        "'not json'",
        "'{\"a\":\"\u00e9 \\u0001 \\n \\\"\"}'",
        "'tab' || char(9) || char(10) || char(1) || char(128512) || '\\ \"'");
  }
}
