package io.honker.runtime.store;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A bridge on record.
 *
 * @param kind the name of its kind
 * @param local the local topic, target or channel
 * @param log the remote log or channel
 * @param state the name of the state it was in last, as far as it was told
 * @param detail why, null if all is well
 * @param since when that state began, in unix seconds
 * @param paused whether it shall rest
 * @param request what its runner shall do next, null for nothing out of turn
 * @param generation counts how often it began to read from the oldest event anew
 */
public record BridgeRow(
    String name,
    String kind,
    String local,
    String log,
    String state,
    @Nullable String detail,
    long since,
    boolean paused,
    @Nullable String request,
    int generation) {

  /** A copy in another state. */
  public BridgeRow inState(String newState, @Nullable String newDetail, long newSince) {
    return new BridgeRow(
        name, kind, local, log, newState, newDetail, newSince, paused, request, generation);
  }

  /** A copy that rests, or does not. */
  public BridgeRow paused(boolean shallRest) {
    return new BridgeRow(
        name, kind, local, log, state, detail, since, shallRest, request, generation);
  }

  /** A copy with something to do out of turn, or nothing. */
  public BridgeRow requesting(@Nullable String newRequest) {
    return new BridgeRow(
        name, kind, local, log, state, detail, since, paused, newRequest, generation);
  }

  /** A copy without a request that was carried out; a later one stays. */
  public BridgeRow withoutRequest(@Nullable String done) {
    return Objects.equals(request, done) ? requesting(null) : this;
  }

  /** A copy that reads from the oldest event anew. */
  public BridgeRow nextGeneration() {
    return new BridgeRow(
        name, kind, local, log, state, detail, since, paused, request, generation + 1);
  }
}
