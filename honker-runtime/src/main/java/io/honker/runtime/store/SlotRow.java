package io.honker.runtime.store;

import org.jspecify.annotations.Nullable;

/**
 * One slot of a consumer group.
 *
 * @param offset up to which its events are done
 * @param member who has it, null for nobody
 * @param leaseUntil the last second of that member's lease
 * @param epoch how often it was taken: fences late writes
 */
public record SlotRow(int slot, long offset, @Nullable String member, long leaseUntil, long epoch) {

  /** Whether nobody has it, or its holder has been silent for too long. */
  public boolean isFree(long now) {
    return member == null || leaseUntil < now;
  }
}
