package io.honker.runtime.store;

/**
 * What to claim.
 *
 * @param queue the queue
 * @param workerId the claim's owner
 * @param limit how many at most, at least 1
 * @param leaseUntil the last second the lease is good for
 * @param now the operation's now
 */
public record ClaimRequest(String queue, String workerId, int limit, long leaseUntil, long now) {}
