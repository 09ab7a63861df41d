package io.honker.runtime.lock;

import io.honker.runtime.store.RateStore;
import io.honker.runtime.store.StoreConnection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;

/** Remembers each use: the one {@code limit} uses ago must have left the window. */
final class SlidingWindow implements RateCounter {

  private static final int TIDY_EVERY = 64;

  private final RateStore rates;
  private final String name;
  private final int limit;
  private final long per;

  SlidingWindow(RateStore rates, String name, int limit, Duration per) {
    this.rates = rates;
    this.name = name;
    this.limit = limit;
    this.per = Nanos.of(per);
  }

  @Override
  public long use(StoreConnection c, Instant now) throws SQLException {
    return rates.useSliding(c, name, per, limit, Nanos.of(now));
  }

  @Override
  public Instant freeAt(StoreConnection c, Instant now) throws SQLException {
    return Nanos.instant(rates.blockingUse(c, name, per, limit) + per);
  }

  @Override
  public boolean isTidyDue(long number) {
    return number % TIDY_EVERY == 0;
  }

  @Override
  public int tidy(StoreConnection c, Instant now) throws SQLException {
    return rates.forgetUses(c, name, per, Nanos.of(now) - per, 2 * TIDY_EVERY);
  }

  @Override
  public int sweep(StoreConnection c, Instant now) throws SQLException {
    return rates.forgetUses(c, name, per, Nanos.of(now) - per, Integer.MAX_VALUE);
  }
}
