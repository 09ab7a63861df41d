package io.honker.runtime.lock;

import io.honker.runtime.store.RateStore;
import io.honker.runtime.store.StoreConnection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;

/**
 * Remembers when the bucket is full again: one number says how many tokens are in it at any time.
 */
final class TokenBucket implements RateCounter {

  private final RateStore rates;
  private final String name;
  private final int size;
  private final long per;
  private final long interval;

  TokenBucket(RateStore rates, String name, int size, Duration per) {
    this.rates = rates;
    this.name = name;
    this.size = size;
    this.per = Nanos.of(per);
    this.interval = Math.max(1, this.per / size); // rounded down: full after per at the latest
  }

  @Override
  public long use(StoreConnection c, Instant now) throws SQLException {
    return rates.useBucket(c, name, per, interval, size, Nanos.of(now)) ? 1 : RateStore.REFUSED;
  }

  @Override
  public Instant freeAt(StoreConnection c, Instant now) throws SQLException {
    return Nanos.instant(rates.bucketFullAt(c, name, per) - interval * (size - 1));
  }

  @Override
  public boolean isTidyDue(long number) {
    return false; // one row is all there is
  }

  @Override
  public int tidy(StoreConnection c, Instant now) {
    return 0;
  }

  @Override
  public int sweep(StoreConnection c, Instant now) throws SQLException {
    return rates.forgetBucket(c, name, per, Nanos.of(now));
  }
}
