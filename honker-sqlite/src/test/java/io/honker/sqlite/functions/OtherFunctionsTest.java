package io.honker.sqlite.functions;

import static org.assertj.core.api.Assertions.assertThat;

import io.honker.tck.Rule;
import java.sql.SQLException;

/** Notifications, locks, rate limits, results and streams. */
class OtherFunctionsTest extends FunctionTest {

  @Rule(id = "F-6")
  void notify_writesARow_andReturnsItsId() throws SQLException {
    assertThat(value("SELECT notify('c', 'hello')")).isEqualTo(1);
    assertThat(rows("SELECT id, channel, payload, created_at FROM _honker_notifications"))
        .containsExactly("1|c|hello|" + NOW);
  }

  @Rule(id = "F-6")
  void lockAcquire_keepsOthersOutUntilItExpires() throws SQLException {
    assertThat(value("SELECT honker_lock_acquire('l', 'a', 10)")).isEqualTo(1);
    assertThat(value("SELECT honker_lock_acquire('l', 'b', 10)")).isEqualTo(0);
    pass(9);
    assertThat(value("SELECT honker_lock_acquire('l', 'a', 10)")).isEqualTo(1);
    assertThat(number("SELECT expires_at FROM _honker_locks")).as("not moved").isEqualTo(NOW + 10);
    pass(1);
    assertThat(value("SELECT honker_lock_acquire('l', 'b', 0)")).isEqualTo(1);
    assertThat(value("SELECT honker_lock_acquire('l', 'c', 5)")).isEqualTo(1);
  }

  @Rule(id = "F-6")
  void lockRenew_byItsOwner_worksEvenWhenExpired() throws SQLException {
    run("SELECT honker_lock_acquire('l', 'a', 10)");
    pass(60);

    assertThat(value("SELECT honker_lock_renew('l', 'b', 5)")).isEqualTo(0);
    assertThat(value("SELECT honker_lock_renew('l', 'a', 5)")).isEqualTo(1);
    assertThat(number("SELECT expires_at FROM _honker_locks")).isEqualTo(NOW + 65);
    assertThat(error("SELECT honker_lock_renew('l', 'a', 0)")).isEqualTo("ttl_s must be positive");
  }

  @Rule(id = "F-6")
  void lockRelease_byItsOwnerOnly_deletes() throws SQLException {
    run("SELECT honker_lock_acquire('l', 'a', 10)");

    assertThat(value("SELECT honker_lock_release('l', 'b')")).isEqualTo(0);
    assertThat(value("SELECT honker_lock_release('l', 'a')")).isEqualTo(1);
    assertThat(value("SELECT honker_lock_release('l', 'a')")).isEqualTo(0);
  }

  @Rule(id = "F-6")
  void rateLimitTry_countsWhatItAllowed() throws SQLException {
    assertThat(value("SELECT honker_rate_limit_try('r', 2, 60)")).isEqualTo(1);
    assertThat(value("SELECT honker_rate_limit_try('r', 2, 60)")).isEqualTo(1);
    assertThat(value("SELECT honker_rate_limit_try('r', 2, 60)")).isEqualTo(0);
    assertThat(rows("SELECT window_start, count FROM _honker_rate_limits"))
        .containsExactly(NOW + "|2");
    pass(60);
    assertThat(value("SELECT honker_rate_limit_try('r', 2, 60)")).isEqualTo(1);
    assertThat(error("SELECT honker_rate_limit_try('r', 0, 60)"))
        .isEqualTo("limit and per must be positive");
    assertThat(error("SELECT honker_rate_limit_try('r', 1, -1)"))
        .isEqualTo("limit and per must be positive");
  }

  @Rule(id = "F-6")
  void rateLimitSweep_deletesWhatIsOlder() throws SQLException {
    run("SELECT honker_rate_limit_try('r', 1, 60)");
    pass(100);

    assertThat(value("SELECT honker_rate_limit_sweep(100)")).isEqualTo(0);
    assertThat(value("SELECT honker_rate_limit_sweep(99)")).isEqualTo(1);
  }

  @Rule(id = "F-6")
  void results_areSeenUntilTheyExpire() throws SQLException {
    assertThat(value("SELECT honker_result_get(1)")).isNull();
    assertThat(value("SELECT honker_result_save(1, 'a', 10)")).isEqualTo(1);
    pass(9);
    assertThat(value("SELECT honker_result_get(1)")).isEqualTo("a");
    pass(1);
    assertThat(value("SELECT honker_result_get(1)")).isNull();
    assertThat(value("SELECT honker_result_sweep()")).isEqualTo(1);
  }

  @Rule(id = "F-6")
  void resultSave_again_keepsWhenItWasMade() throws SQLException {
    run("SELECT honker_result_save(1, 'a', 10)");
    pass(5);
    run("SELECT honker_result_save(1, 'b', -3)");

    assertThat(rows("SELECT value, created_at, expires_at FROM _honker_results"))
        .containsExactly("b|" + NOW + "|-");
  }

  @Rule(id = "F-6")
  void streams_areReadInOrderFromAnOffset() throws SQLException {
    assertThat(value("SELECT honker_stream_publish('t', 'k', 'a')")).isEqualTo(1);
    assertThat(value("SELECT honker_stream_publish('other', NULL, 'x')")).isEqualTo(2);
    assertThat(value("SELECT honker_stream_publish('t', NULL, 'tab\tand\u0001')")).isEqualTo(3);

    assertThat(value("SELECT honker_stream_read_since('t', 0, -1)"))
        .isEqualTo(
            ("[{\"created_at\":%1$d,\"key\":\"k\",\"offset\":1,\"payload\":\"a\",\"topic\":\"t\"},"
                    + "{\"created_at\":%1$d,\"key\":null,\"offset\":3,"
                    + "\"payload\":\"tab\\tand\\u0001\",\"topic\":\"t\"}]")
                .formatted(NOW));
    assertThat((String) value("SELECT honker_stream_read_since('t', 1, 1)")).contains("tab");
    assertThat(value("SELECT honker_stream_read_since('t', 3, 1)")).isEqualTo("[]");
  }

  @Rule(id = "F-6")
  void offsets_onlyGrow() throws SQLException {
    assertThat(value("SELECT honker_stream_get_offset('c', 't')")).isEqualTo(0);
    assertThat(value("SELECT honker_stream_save_offset('c', 't', 5)")).isEqualTo(1);
    assertThat(value("SELECT honker_stream_save_offset('c', 't', 5)")).isEqualTo(0);
    assertThat(value("SELECT honker_stream_save_offset('c', 't', 4)")).isEqualTo(0);
    assertThat(value("SELECT honker_stream_get_offset('c', 't')")).isEqualTo(5);
  }
}
