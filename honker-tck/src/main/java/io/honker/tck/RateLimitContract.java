package io.honker.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.honker.Honker;
import io.honker.lock.RateDecision;
import io.honker.lock.RateLimit;
import io.honker.lock.RateLimiter;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Rule L-2: rate limits.
 *
 * @since 0.1.0
 */
public abstract class RateLimitContract extends StoreContract {

  private static final Duration MINUTE = Duration.ofSeconds(60);
  private static final Duration NANO = Duration.ofNanos(1);

  /** Creates the contract; the subclass supplies the store. */
  protected RateLimitContract() {}

  private RateLimiter limiter(RateLimit limit) {
    return honker.rateLimiter("api", limit);
  }

  private static int allowed(RateLimiter limiter, int tries) {
    int allowed = 0;
    for (int i = 0; i < tries; i++) {
      allowed += limiter.tryAcquire().allowed() ? 1 : 0;
    }
    return allowed;
  }

  private static Duration retryAfter(RateLimiter limiter) {
    RateDecision decision = limiter.tryAcquire();
    assertThat(decision.allowed()).isFalse();
    assertThat(decision.retryAfter()).isPositive();
    return decision.retryAfter();
  }

  /** A refusal says exactly when the next try succeeds: then, and not a nanosecond earlier. */
  private void assertRetryAfterIsExact(RateLimiter limiter) {
    Duration wait = retryAfter(limiter);
    advance(wait.minus(NANO));
    assertThat(retryAfter(limiter)).isEqualTo(NANO);
    advance(NANO);
    assertThat(limiter.tryAcquire()).isEqualTo(new RateDecision(true, Duration.ZERO));
  }

  // ---- fixed windows

  @Rule(id = "L-2")
  void fixedWindow_allowsUpToTheLimitInEachWindow() {
    RateLimiter limiter = limiter(RateLimit.fixedWindow(3, MINUTE));

    assertThat(allowed(limiter, 10)).isEqualTo(3);
    advanceSeconds(59);
    assertThat(allowed(limiter, 10)).isZero();
    advanceSeconds(1);
    assertThat(allowed(limiter, 10)).isEqualTo(3);
  }

  @Rule(id = "L-2")
  void fixedWindow_beginsAtMultiplesOfItsLength() {
    advanceSeconds(45);
    RateLimiter limiter = limiter(RateLimit.fixedWindow(1, MINUTE));
    assertThat(limiter.tryAcquire().allowed()).isTrue();

    assertThat(retryAfter(limiter)).isEqualTo(Duration.ofSeconds(15));
    assertRetryAfterIsExact(limiter);
  }

  @Rule(id = "L-2")
  void fixedWindow_inTheMiddleOfASecond_saysExactlyHowLongToWait() {
    advance(Duration.ofMillis(1_250));
    RateLimiter limiter = limiter(RateLimit.fixedWindow(1, Duration.ofSeconds(10)));
    assertThat(limiter.tryAcquire().allowed()).isTrue();

    assertThat(retryAfter(limiter)).isEqualTo(Duration.ofMillis(8_750));
    assertRetryAfterIsExact(limiter);
  }

  @Rule(id = "L-2")
  void fixedWindow_isCountedInTheSharedTable() throws SQLException {
    store.require(Capability.SHARED_TABLES);
    RateLimiter limiter = limiter(RateLimit.fixedWindow(3, MINUTE));
    advanceSeconds(10);
    long window = Math.floorDiv(nowSecond(), 60) * 60;

    allowed(limiter, 5);

    List<Row> rows = rawQuery("SELECT name, window_start, count FROM _honker_rate_limits");
    assertThat(rows).hasSize(1);
    assertThat(rows.get(0).text("name")).isEqualTo("api");
    assertThat(rows.get(0).number("window_start")).isEqualTo(window);
    assertThat(rows.get(0).number("count")).isEqualTo(3); // refused uses are not counted
  }

  @Rule(id = "L-2")
  void fixedWindow_countsWhatOthersCounted() throws SQLException {
    store.require(Capability.SHARED_TABLES);
    rawExecute(
        "INSERT INTO _honker_rate_limits(name, window_start, count) VALUES ('api', ?, 2)",
        Math.floorDiv(nowSecond(), 60) * 60);

    assertThat(allowed(limiter(RateLimit.fixedWindow(3, MINUTE)), 5)).isEqualTo(1);
  }

  @Rule(id = "L-2")
  void fixedWindow_usesDeleteEarlierWindowsOfTheirName() throws SQLException {
    store.require(Capability.SHARED_TABLES);
    RateLimiter limiter = limiter(RateLimit.fixedWindow(3, MINUTE));
    RateLimiter other = honker.rateLimiter("other", RateLimit.fixedWindow(3, LONG));
    assertThat(other.tryAcquire().allowed()).isTrue();
    for (int i = 0; i < 5; i++) {
      allowed(limiter, 3);
      advance(MINUTE);
    }

    assertThat(rawQuery("SELECT 1 FROM _honker_rate_limits WHERE name = 'api'")).hasSize(1);
    assertThat(rawQuery("SELECT 1 FROM _honker_rate_limits WHERE name = 'other'")).hasSize(1);
  }

  @Rule(id = "L-2")
  void fixedWindow_ofFractionsOfASecond_isRefused() {
    assertThatThrownBy(() -> RateLimit.fixedWindow(1, Duration.ofMillis(1500)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("whole seconds");
  }

  // ---- sliding windows

  @Rule(id = "L-2")
  void slidingWindow_allowsUpToTheLimitInAnyStretch() {
    RateLimiter limiter = limiter(RateLimit.slidingWindow(3, MINUTE));
    assertThat(limiter.tryAcquire().allowed()).isTrue();
    advanceSeconds(30);
    assertThat(allowed(limiter, 5)).isEqualTo(2);
    advanceSeconds(30);
    assertThat(allowed(limiter, 5)).isEqualTo(1);
    advanceSeconds(30);
    assertThat(allowed(limiter, 5)).isEqualTo(2);
  }

  @Rule(id = "L-2")
  void slidingWindow_saysExactlyHowLongToWait() {
    RateLimiter limiter = limiter(RateLimit.slidingWindow(2, Duration.ofMillis(1_500)));
    assertThat(limiter.tryAcquire().allowed()).isTrue();
    advance(Duration.ofNanos(123_456_789));
    assertThat(limiter.tryAcquire().allowed()).isTrue();

    assertThat(retryAfter(limiter)).isEqualTo(Duration.ofNanos(1_500_000_000 - 123_456_789));
    assertRetryAfterIsExact(limiter);
    assertThat(retryAfter(limiter)).isEqualTo(Duration.ofNanos(123_456_789));
  }

  @Rule(id = "L-2")
  void slidingWindow_atRandomTimes_doesWhatItsDefinitionSays() {
    Random random = new Random(42);
    Duration per = Duration.ofSeconds(10);
    RateLimiter limiter = limiter(RateLimit.slidingWindow(5, per));
    Deque<Instant> uses = new ArrayDeque<>();
    for (int i = 0; i < 400; i++) {
      advance(Duration.ofMillis(random.nextInt(2_500)));
      if (random.nextInt(50) == 0) {
        limiter.sweep();
      }
      while (!uses.isEmpty() && !uses.getFirst().plus(per).isAfter(now())) {
        uses.removeFirst();
      }

      boolean allowed = limiter.tryAcquire().allowed();

      assertThat(allowed)
          .as("use %s with %s in the window", i, uses.size())
          .isEqualTo(uses.size() < 5);
      if (allowed) {
        uses.addLast(now());
      }
    }
  }

  @Rule(id = "L-2")
  void slidingWindow_ofALowerLimit_countsTheSameUses() {
    RateLimiter wide = limiter(RateLimit.slidingWindow(5, MINUTE));
    RateLimiter narrow = limiter(RateLimit.slidingWindow(2, MINUTE));

    assertThat(allowed(wide, 2)).isEqualTo(2);
    assertThat(allowed(narrow, 1)).isZero();
    assertThat(allowed(wide, 5)).isEqualTo(3);
    assertRetryAfterIsExact(narrow);
  }

  @Rule(id = "L-2")
  void slidingWindow_keepsABoundedNumberOfRows() throws SQLException {
    store.require(Capability.SHARED_TABLES);
    RateLimiter limiter = limiter(RateLimit.slidingWindow(10, Duration.ofSeconds(1)));
    for (int i = 0; i < 50; i++) {
      assertThat(allowed(limiter, 10)).isEqualTo(10);
      advanceSeconds(1);
    }

    assertThat(rawQuery("SELECT number FROM _honkerj_rate_uses").size()).isLessThan(150);
  }

  // ---- token buckets

  @Rule(id = "L-2")
  void tokenBucket_whenFull_allowsItsSizeAtOnce() {
    RateLimiter limiter = limiter(RateLimit.tokenBucket(3, MINUTE));

    assertThat(allowed(limiter, 10)).isEqualTo(3);
    advance(MINUTE);
    assertThat(allowed(limiter, 10)).isEqualTo(3);
    advance(LONG);
    assertThat(allowed(limiter, 10)).isEqualTo(3);
  }

  @Rule(id = "L-2")
  void tokenBucket_givesTokensBackOneByOne() {
    RateLimiter limiter = limiter(RateLimit.tokenBucket(3, MINUTE));
    allowed(limiter, 3);

    for (int i = 0; i < 6; i++) {
      advanceSeconds(20);
      assertThat(allowed(limiter, 5)).isEqualTo(1);
    }
    advanceSeconds(40);
    assertThat(allowed(limiter, 5)).isEqualTo(2);
  }

  @Rule(id = "L-2")
  void tokenBucket_saysExactlyHowLongToWait() {
    RateLimiter limiter = limiter(RateLimit.tokenBucket(3, MINUTE));
    allowed(limiter, 3);
    advanceSeconds(5);

    assertThat(retryAfter(limiter)).isEqualTo(Duration.ofSeconds(15));
    assertRetryAfterIsExact(limiter);
  }

  @Rule(id = "L-2")
  void tokenBucket_whoseTokensDoNotDivideTheTime_isFullAfterIt() {
    RateLimiter limiter = limiter(RateLimit.tokenBucket(7, Duration.ofSeconds(1)));
    for (int i = 0; i < 20; i++) {
      assertThat(allowed(limiter, 10)).isEqualTo(7);
      assertRetryAfterIsExact(limiter);
      advanceSeconds(1);
    }
  }

  // ---- all kinds

  private static List<RateLimit> kinds() {
    return List.of(
        RateLimit.fixedWindow(2, MINUTE),
        RateLimit.slidingWindow(2, MINUTE),
        RateLimit.tokenBucket(2, MINUTE));
  }

  @Rule(id = "L-2")
  void limiters_ofDifferentNamesOrKinds_countApart() {
    for (RateLimit limit : kinds()) {
      assertThat(allowed(honker.rateLimiter("one", limit), 5)).as("one %s", limit).isEqualTo(2);
      assertThat(allowed(honker.rateLimiter("two", limit), 5)).as("two %s", limit).isEqualTo(2);
    }
  }

  @Rule(id = "L-2")
  void limiters_ofOneName_countTogetherInAllRuntimes() {
    Honker second = store.openSecond();
    for (RateLimit limit : kinds()) {
      assertThat(honker.rateLimiter("api", limit).tryAcquire().allowed()).isTrue();
      assertThat(allowed(second.rateLimiter("api", limit), 5)).as("%s", limit).isEqualTo(1);
      assertThat(honker.rateLimiter("api", limit).tryAcquire().allowed()).isFalse();
    }
  }

  @Rule(id = "L-2")
  void tryAcquire_afterReopening_goesOnCounting() {
    for (RateLimit limit : kinds()) {
      limiter(limit).tryAcquire();
    }

    honker = store.reopen();

    for (RateLimit limit : kinds()) {
      assertThat(allowed(limiter(limit), 5)).as("%s", limit).isEqualTo(1);
    }
  }

  @Rule(id = "L-2")
  void tryAcquire_inATransactionThatRollsBack_isGivenBack() {
    for (RateLimit limit : kinds()) {
      RateLimiter limiter = limiter(limit);
      assertThatThrownBy(
              () ->
                  honker.inTransaction(
                      tx -> {
                        assertThat(limiter.tryAcquire(tx).allowed()).isTrue();
                        assertThat(limiter.tryAcquire(tx).allowed()).isTrue();
                        assertThat(limiter.tryAcquire(tx).retryAfter()).isPositive();
                        throw new IllegalStateException("no");
                      }))
          .hasMessage("no");
      assertThat(allowed(limiter, 5)).as("%s", limit).isEqualTo(2);
    }
  }

  @Rule(id = "L-2")
  void tryAcquire_byManyThreads_neverExceedsTheLimit() throws InterruptedException {
    for (RateLimit limit :
        List.of(
            RateLimit.fixedWindow(50, MINUTE),
            RateLimit.slidingWindow(50, MINUTE),
            RateLimit.tokenBucket(50, MINUTE))) {
      RateLimiter limiter = limiter(limit);
      List<Background<Integer>> callers = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        callers.add(inBackground(() -> allowed(limiter, 25)));
      }
      int total = 0;
      for (Background<Integer> caller : callers) {
        total += caller.get();
      }
      assertThat(total).as("%s", limit).isEqualTo(50);
    }
  }

  @Rule(id = "L-2")
  void sweep_removesWhatIsOverAndNothingThatCounts() {
    for (RateLimit limit : kinds()) {
      RateLimiter limiter = limiter(limit);
      allowed(limiter, 2);

      assertThat(limiter.sweep()).as("%s", limit).isZero();
      assertThat(limiter.tryAcquire().allowed()).as("%s", limit).isFalse();
      advance(MINUTE.minusSeconds(1));
      assertThat(limiter.sweep()).as("%s", limit).isZero();
      assertThat(allowed(limiter, 5)).as("%s", limit).isEqualTo(isBucket(limit) ? 1 : 0);
      advance(MINUTE);
      assertThat(limiter.sweep()).as("%s", limit).isPositive();
      assertThat(limiter.sweep()).as("%s", limit).isZero();
      assertThat(allowed(limiter, 5)).as("%s", limit).isEqualTo(2);
      advanceSeconds(1);
    }
  }

  private static boolean isBucket(RateLimit limit) {
    return limit.kind() == RateLimit.Kind.TOKEN_BUCKET;
  }

  @Rule(id = "L-2")
  void sweep_leavesOtherNamesAlone() {
    RateLimiter other = honker.rateLimiter("other", RateLimit.fixedWindow(1, LONG));
    assertThat(other.tryAcquire().allowed()).isTrue();
    advance(Duration.ofHours(2));

    assertThat(limiter(RateLimit.fixedWindow(1, Duration.ofSeconds(1))).sweep()).isZero();

    assertThat(other.tryAcquire().allowed()).isFalse();
  }

  @Rule(id = "L-2")
  void acquire_waitsUntilTheLimitAllowsIt() throws InterruptedException {
    for (RateLimit limit : kinds()) {
      RateLimiter limiter = limiter(limit);
      allowed(limiter, 2);
      Background<Boolean> waiter = inBackground(() -> limiter.acquire(LONG));
      store.clock().awaitParked(waiter.thread());
      Duration wait = retryAfter(limiter);

      advance(wait.minus(NANO));
      assertThat(waiter.isDone()).as("%s", limit).isFalse();
      advance(NANO);

      assertThat(waiter.get()).as("%s", limit).isTrue();
      advance(MINUTE.multipliedBy(2));
    }
  }

  @Rule(id = "L-2")
  void acquire_whenOthersAreQuicker_waitsOn() throws InterruptedException {
    RateLimiter limiter = limiter(RateLimit.fixedWindow(1, MINUTE));
    allowed(limiter, 1);
    AtomicInteger got = new AtomicInteger();
    List<Background<Boolean>> waiters = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      waiters.add(
          inBackground(
              () -> {
                boolean taken = limiter.acquire(LONG);
                got.incrementAndGet();
                return taken;
              }));
    }
    for (int window = 1; window <= 3; window++) {
      store.clock().awaitParked(4 - window);
      advance(MINUTE);
      int expected = window;
      Eventually.assertEventually(() -> assertThat(got).hasValue(expected));
    }
    for (Background<Boolean> waiter : waiters) {
      assertThat(waiter.get()).isTrue();
    }
  }

  @Rule(id = "L-2")
  void acquire_thatCannotBeInTime_returnsAtOnce() throws InterruptedException {
    RateLimiter limiter = limiter(RateLimit.fixedWindow(1, MINUTE));

    assertThat(limiter.acquire(Duration.ZERO)).isTrue();
    assertThat(limiter.acquire(Duration.ZERO)).isFalse();
    assertThat(limiter.acquire(Duration.ofSeconds(59))).isFalse();
    assertThatThrownBy(() -> limiter.acquire(Duration.ofSeconds(-1)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Rule(id = "L-2")
  void acquire_whenInterrupted_takesNothing() throws InterruptedException {
    RateLimiter limiter = limiter(RateLimit.fixedWindow(1, MINUTE));
    allowed(limiter, 1);
    Background<Boolean> waiter = inBackground(() -> limiter.acquire(LONG));
    store.clock().awaitParked(waiter.thread());

    waiter.interrupt();

    assertThat(waiter.failure()).isInstanceOf(InterruptedException.class);
    advance(MINUTE);
    assertThat(allowed(limiter, 2)).isEqualTo(1);
  }

  @Rule(id = "L-2")
  void acquire_whenClosed_fails() throws InterruptedException {
    RateLimiter limiter = limiter(RateLimit.fixedWindow(1, MINUTE));
    allowed(limiter, 1);
    Background<Boolean> waiter = inBackground(() -> limiter.acquire(LONG));
    store.clock().awaitParked(waiter.thread());

    honker.close();

    Throwable end = waiter.failure();
    assertThat(end).isInstanceOf(IllegalStateException.class);
  }

  @Rule(id = "L-2")
  void badArguments_areRefused() {
    assertThatThrownBy(() -> RateLimit.tokenBucket(0, MINUTE))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> RateLimit.slidingWindow(1, Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> honker.rateLimiter(" ", RateLimit.tokenBucket(1, MINUTE)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Rule(id = "T-5")
  void limiters_afterCloseOfTheDatabase_areRefused() {
    for (RateLimit limit : kinds()) {
      RateLimiter limiter = limiter(limit);
      honker.close();
      assertThatThrownBy(limiter::tryAcquire).isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(limiter::sweep).isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(() -> limiter(limit)).isInstanceOf(IllegalStateException.class);
      honker = store.reopen();
    }
  }
}
