package io.honker.runtime.lock;

import io.honker.runtime.loop.Seconds;
import io.honker.runtime.store.RateStore;
import io.honker.runtime.store.StoreConnection;
import java.sql.SQLException;
import java.time.Instant;

/** Counts as honker does, and together with it: windows begin at multiples of their length. */
final class FixedWindow implements RateCounter {

  private final RateStore rates;
  private final String name;
  private final int limit;
  private final long per;

  FixedWindow(RateStore rates, String name, int limit, long perSeconds) {
    this.rates = rates;
    this.name = name;
    this.limit = limit;
    this.per = perSeconds;
  }

  private long start(Instant now) {
    return Math.floorDiv(Seconds.of(now), per) * per;
  }

  @Override
  public long use(StoreConnection c, Instant now) throws SQLException {
    return rates.useWindow(c, name, start(now), limit);
  }

  @Override
  public Instant freeAt(StoreConnection c, Instant now) {
    return Seconds.instant(start(now) + per);
  }

  /** The first use of a window finds the earlier ones over. */
  @Override
  public boolean isTidyDue(long number) {
    return number == 1;
  }

  @Override
  public int tidy(StoreConnection c, Instant now) throws SQLException {
    return sweep(c, now);
  }

  @Override
  public int sweep(StoreConnection c, Instant now) throws SQLException {
    return rates.forgetWindows(c, name, start(now));
  }
}
