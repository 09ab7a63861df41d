package io.honker.runtime.store;

import java.util.List;

/**
 * What a claim found, all from one look with one now, so that no deadline is lost between "nothing
 * to claim" and "next due at".
 *
 * @param jobs the claimed rows in order of priority, due time and id
 * @param died rows that were met exhausted or expired and moved to the dead letters
 * @param nextDue the second at which the next job can be claimed, computed only if fewer jobs than
 *     asked for were due; {@link #NONE} if there is none, and the request's now if more may be due
 * @param paused whether the queue is paused, so that nothing was claimed
 * @param limited whether the queue's concurrency limit kept more jobs from being claimed; then
 *     {@code nextDue} is when the first lease ends
 */
public record ClaimOutcome(
    List<ClaimedRow> jobs, List<DiedRow> died, long nextDue, boolean paused, boolean limited) {

  /** No job will become due by itself. */
  public static final long NONE = Long.MAX_VALUE;

  /** A row that went to the dead letters during a claim. */
  public record DiedRow(long id, int attempts, String reason) {}
}
