package io.honker.lab.prove;

import static io.honker.lab.prove.ProofFailedException.require;

import io.honker.bridge.BridgeState;
import java.util.Map;
import java.util.Random;

/**
 * The broker refuses events in the middle of a batch, because it is full or because rights were
 * taken away: what is in the target stays a beginning of the source, and it goes on when the cause
 * is gone.
 */
final class BridgeRefused implements Case {

  private static final int DEFAULT_ROUNDS = 10;

  /** So many that they do not fit, even if the broker frees the largest buffers meanwhile. */
  private static final int EVENTS = 6_000;

  private static final String PADDING = "x".repeat(400);

  @Override
  public int rounds(Settings settings) {
    return settings.number("rounds", DEFAULT_ROUNDS);
  }

  @Override
  public void prove(Settings settings, Faults faults, Workspace workspace) throws Exception {
    try (Broker redis = Broker.start(Broker.REDIS, workspace);
        Broker nats = Broker.start(Broker.NATS, workspace);
        BridgePair overRedis = new BridgePair(redis, workspace, "refused-redis");
        BridgePair overNats = new BridgePair(nats, workspace, "refused-nats")) {
      int kinds = redis.refusals().size() + nats.refusals().size();
      for (int round = 1; round <= rounds(settings); round++) {
        int kind = (round - 1) % kinds;
        boolean first = kind < redis.refusals().size();
        Broker.Refusal refusal =
            first
                ? redis.refusals().get(kind)
                : nats.refusals().get(kind - redis.refusals().size());
        try {
          String what = play(refusal, first ? overRedis : overNats, faults.random(round));
          faults.hit();
          faults.tell("round " + round + ": " + (first ? "redis: " : "nats: ") + what);
        } catch (ProofFailedException e) {
          throw new ProofFailedException(
              "in round " + round + ", " + refusal.name() + ": " + e.getMessage());
        }
      }
      overRedis.target().requireExactly(overRedis.source().published());
      overNats.target().requireExactly(overNats.source().published());
      overRedis.requireInLog(overRedis.source().total());
      overNats.requireInLog(overNats.source().total());
    }
  }

  private static String play(Broker.Refusal refusal, BridgePair pair, Random random)
      throws Exception {
    pair.source().publish(BridgePair.TOPIC, 1 + random.nextInt(20), PADDING);
    pair.awaitAll();
    pair.awaitOutbound(BridgeState.RUNNING);
    long before = pair.source().total();
    refusal.begin(pair.log(), random.nextInt(EVENTS / 4));
    String detail;
    try {
      pair.source().publish(BridgePair.TOPIC, EVENTS, PADDING);
      detail = pair.awaitOutbound(BridgeState.RETRYING);
      pair.source().publish(BridgePair.TOPIC, EVENTS / 4, PADDING); // does not overtake
    } finally {
      refusal.end(pair.log());
    }
    Map<String, Long> there = pair.target().read();
    long arrived = there.values().stream().mapToLong(Long::longValue).sum() - before;
    require(
        arrived < EVENTS + EVENTS / 4, () -> "nothing was refused: " + arrived + " have arrived");
    pair.awaitAll();
    pair.awaitOutbound(BridgeState.RUNNING);
    return refusal.name()
        + " after "
        + arrived
        + " of "
        + (EVENTS + EVENTS / 4)
        + " events: \""
        + detail
        + "\"; all there once";
  }
}
