package io.honker.sqlite.functions;

import static org.assertj.core.api.Assertions.assertThat;

import io.honker.tck.Rule;
import java.sql.SQLException;

class QueueFunctionsTest extends FunctionTest {

  private String job(long id) throws SQLException {
    return (String) value("SELECT honker_get_job(?)", id);
  }

  private String dead() throws SQLException {
    return String.join(
        ";", rows("SELECT id, attempts, last_error, died_at - " + NOW + " FROM _honker_dead"));
  }

  @Rule(id = "F-6")
  void enqueue_storesWhatItIsTold_andGetJobShowsIt() throws SQLException {
    long id = number("SELECT honker_enqueue('q', 'a\"b', NULL, 10, 7, 2, 60)");

    assertThat(job(id))
        .isEqualTo(
            "{\"attempts\":0,\"claim_expires_at\":null,\"created_at\":%d,\"expires_at\":%d,\"id\":1,"
                    .formatted(NOW, NOW + 60)
                + "\"max_attempts\":2,\"payload\":\"a\\\"b\",\"priority\":7,\"queue\":\"q\","
                + "\"run_at\":%d,\"state\":\"pending\",\"worker_id\":null}".formatted(NOW + 10));
  }

  @Rule(id = "F-6")
  void enqueue_withDelayAndRunAt_takesTheDelay() throws SQLException {
    run("SELECT honker_enqueue('q', 'p', 5, -3, 0, 3, NULL)");
    run("SELECT honker_enqueue('q', 'p', 5, NULL, 0, 0, -1)");

    assertThat(rows("SELECT run_at, max_attempts, expires_at FROM _honker_live ORDER BY id"))
        .containsExactly((NOW - 3) + "|3|-", "5|0|" + (NOW - 1));
  }

  @Rule(id = "F-6")
  void enqueue_beyond64Bits_wrapsAround() throws SQLException {
    run("SELECT honker_enqueue('q', 'p', NULL, 9223372036854775807, 0, 3, NULL)");

    assertThat(number("SELECT run_at FROM _honker_live")).isEqualTo(NOW + Long.MAX_VALUE);
  }

  @Rule(id = "F-6")
  void getJob_ofNone_isTheEmptyText() throws SQLException {
    assertThat(job(77)).isEmpty();
  }

  @Rule(id = "F-6")
  void claimBatch_choosesByPriority_andShowsByRow() throws SQLException {
    for (int priority : new int[] {0, 10, 5, 7}) {
      value("SELECT honker_enqueue('q', 'p', NULL, NULL, ?, 3, NULL)", priority);
    }

    assertThat(claim("q", 3))
        .isEqualTo(
            ("[{\"attempts\":1,\"claim_expires_at\":%1$d,\"id\":2,\"payload\":\"p\",\"queue\":\"q\","
                    + "\"worker_id\":\"w\"},{\"attempts\":1,\"claim_expires_at\":%1$d,\"id\":3,"
                    + "\"payload\":\"p\",\"queue\":\"q\",\"worker_id\":\"w\"},{\"attempts\":1,"
                    + "\"claim_expires_at\":%1$d,\"id\":4,\"payload\":\"p\",\"queue\":\"q\","
                    + "\"worker_id\":\"w\"}]")
                .formatted(NOW + 300));
  }

  @Rule(id = "F-6")
  void claimBatch_ofNoneOrOfNegative_claimsNothingOrAll() throws SQLException {
    enqueue("q");
    enqueue("q");

    assertThat(claim("q", 0)).isEqualTo("[]");
    assertThat(claim("q", -1)).contains("\"id\":1", "\"id\":2");
  }

  @Rule(id = "F-6")
  void claimBatch_atTheBoundaries_takesWhatIsDueUnexpiredOrLapsed() throws SQLException {
    value("SELECT honker_enqueue('due', 'p', ?, NULL, 0, 3, NULL)", NOW);
    value("SELECT honker_enqueue('early', 'p', ?, NULL, 0, 3, NULL)", NOW + 1);
    run("SELECT honker_enqueue('expired', 'p', NULL, NULL, 0, 3, 0)");
    run("SELECT honker_enqueue('expires', 'p', NULL, NULL, 0, 3, 1)");
    assertThat(claim("due", 9)).isNotEqualTo("[]");
    assertThat(claim("early", 9)).isEqualTo("[]");
    assertThat(claim("expired", 9)).isEqualTo("[]");
    assertThat(claim("expires", 9)).isNotEqualTo("[]");

    pass(300);
    assertThat(claim("due", 9)).as("still owned").isEqualTo("[]");
    pass(1);
    assertThat(claim("due", 9)).contains("\"attempts\":2");
  }

  @Rule(id = "F-6")
  void claimBatch_ofExhausted_buriesThem() throws SQLException {
    run("SELECT honker_enqueue('q', 'p', NULL, NULL, 0, 0, NULL)");

    assertThat(claim("q", 1)).isEqualTo("[]");
    assertThat(dead()).isEqualTo("1|0|max attempts exceeded|0");
  }

  @Rule(id = "F-6")
  void ack_whileOwnedOnly_deletes() throws SQLException {
    enqueue("q");
    claim("q", 1);
    assertThat(value("SELECT honker_ack(1, 'other')")).isEqualTo(0);
    pass(300);
    assertThat(value("SELECT honker_ack(1, 'w')")).isEqualTo(1);

    enqueue("q");
    claim("q", 1);
    pass(301);
    assertThat(value("SELECT honker_ack(2, 'w')")).isEqualTo(0);
  }

  @Rule(id = "F-6")
  void ackBatch_countsWhatItDeleted() throws SQLException {
    enqueue("q");
    enqueue("q");
    enqueue("q");
    claim("q", 3);

    assertThat(value("SELECT honker_ack_batch('[1,\"2\",77,null]', 'w')")).isEqualTo(2);
    assertThat(error("SELECT honker_ack_batch('[', 'w')")).isEqualTo("malformed JSON");
  }

  @Rule(id = "F-6")
  void retry_withAttemptsLeft_isPendingAndForgetsTheError() throws SQLException {
    enqueue("q");
    claim("q", 1);

    assertThat(value("SELECT honker_retry(1, 'other', 5, 'e')")).isEqualTo(0);
    assertThat(value("SELECT honker_retry(1, 'w', 5, 'e')")).isEqualTo(1);
    assertThat(
            rows("SELECT state, run_at, worker_id, claim_expires_at, attempts FROM _honker_live"))
        .containsExactly("pending|" + (NOW + 5) + "|-|-|1");
    assertThat(value("SELECT honker_retry(1, 'w', 5, 'e')")).as("not claimed").isEqualTo(0);
  }

  @Rule(id = "F-6")
  void retry_ofTheLastAttempt_buries() throws SQLException {
    run("SELECT honker_enqueue('q', 'p', NULL, NULL, 0, 1, NULL)");
    claim("q", 1);

    assertThat(value("SELECT honker_retry(1, 'w', 5, 'broken')")).isEqualTo(1);
    assertThat(dead()).isEqualTo("1|1|broken|0");
    assertThat(job(1)).isEmpty();
  }

  @Rule(id = "F-6")
  void fail_whileOwned_buriesWithTheError() throws SQLException {
    enqueue("q");
    claim("q", 1);

    assertThat(value("SELECT honker_fail(1, 'other', 'e')")).isEqualTo(0);
    assertThat(value("SELECT honker_fail(1, 'w', 'bad')")).isEqualTo(1);
    assertThat(dead()).isEqualTo("1|1|bad|0");
    assertThat(value("SELECT honker_fail(1, 'w', 'bad')")).isEqualTo(0);
  }

  @Rule(id = "F-6")
  void heartbeat_movesTheLeaseEitherWay() throws SQLException {
    enqueue("q");
    claim("q", 1);

    assertThat(value("SELECT honker_heartbeat(1, 'w', 10)")).isEqualTo(1);
    assertThat(number("SELECT claim_expires_at FROM _honker_live")).isEqualTo(NOW + 10);
    pass(11);
    assertThat(value("SELECT honker_heartbeat(1, 'w', 10)")).isEqualTo(0);
  }

  @Rule(id = "F-6")
  void cancel_deletesInAnyState() throws SQLException {
    enqueue("q");
    enqueue("q");
    claim("q", 1);

    assertThat(value("SELECT honker_cancel(1)")).isEqualTo(1);
    assertThat(value("SELECT honker_cancel(2)")).isEqualTo(1);
    assertThat(value("SELECT honker_cancel(2)")).isEqualTo(0);
    assertThat(dead()).isEmpty();
  }

  @Rule(id = "F-6")
  void nextClaimAt_looksAheadOnly() throws SQLException {
    assertThat(value("SELECT honker_queue_next_claim_at('q')")).isEqualTo(0);
    enqueue("q");
    assertThat(value("SELECT honker_queue_next_claim_at('q')")).as("due already").isEqualTo(0);
    claim("q", 1);
    assertThat(number("SELECT honker_queue_next_claim_at('q')")).isEqualTo(NOW + 301);
    run("SELECT honker_enqueue('q', 'p', NULL, 20, 0, 3, NULL)");
    assertThat(number("SELECT honker_queue_next_claim_at('q')")).isEqualTo(NOW + 20);
    run("UPDATE _honker_live SET attempts = max_attempts");
    assertThat(value("SELECT honker_queue_next_claim_at('q')")).isEqualTo(0);
  }

  @Rule(id = "F-6")
  void sweepExpired_buriesPendingOnly() throws SQLException {
    run("SELECT honker_enqueue('q', 'p', NULL, NULL, 0, 3, 5)");
    claim("q", 1);
    run("SELECT honker_enqueue('q', 'p', NULL, NULL, 0, 3, 5)");
    assertThat(value("SELECT honker_sweep_expired('q')")).isEqualTo(0);

    pass(5);

    assertThat(value("SELECT honker_sweep_expired('q')")).isEqualTo(1);
    assertThat(dead()).isEqualTo("2|0|expired|5");
  }

  @Rule(id = "F-6")
  void functions_withoutTheirTable_failOrAnswerAsTheOriginalDoes() throws SQLException {
    run("DROP TABLE _honker_live");

    assertThat(error("SELECT honker_ack(1, 'w')")).isEqualTo("no such table: _honker_live");
    assertThat(value("SELECT honker_fail(1, 'w', 'e')")).isEqualTo(0);
    assertThat(value("SELECT honker_retry(1, 'w', 1, 'e')")).isEqualTo(0);
    assertThat(job(1)).isEmpty();
    assertThat(value("SELECT honker_queue_next_claim_at('q')")).isEqualTo(0);
  }

  @Rule(id = "F-6")
  void claimBatch_ofWhatIsNoText_saysWhichColumn() throws SQLException {
    run("INSERT INTO _honker_live(queue, payload, run_at) VALUES ('q', x'4142', 0)");

    assertThat(error("SELECT honker_claim_batch('q', 'w', 1, 1)"))
        .isEqualTo("Invalid column type Blob at index: 2, name: payload");
    assertThat(number("SELECT attempts FROM _honker_live")).isZero();
  }
}
