package io.honker.lab.prove;

import static io.honker.lab.prove.ProofFailedException.require;

import io.honker.bridge.Bridge;
import io.honker.bridge.BridgeState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A broker that loses all or its newest data puts the bridges in state BROKEN, which names both
 * positions, and {@code rewind} sends everything again, once for the target. A copy of a database,
 * and one that was put back to an older state, publish under an identity of their own.
 */
final class BridgeLost implements Case {

  private static final int DEFAULT_ROUNDS = 8;
  private static final int EVENTS = 1_000;

  /** A scene with a broker and a pair of bridged databases. */
  private interface Scene {
    String play(Broker broker, BridgePair pair, Workspace workspace) throws Exception;
  }

  @Override
  public int rounds(Settings settings) {
    return settings.number("rounds", DEFAULT_ROUNDS);
  }

  @Override
  public void prove(Settings settings, Faults faults, Workspace workspace) throws Exception {
    List<Scene> scenes =
        List.of(
            BridgeLost::everythingLost,
            BridgeLost::newestLost,
            BridgeLost::copied,
            BridgeLost::putBack);
    for (int round = 1; round <= rounds(settings); round++) {
      String kind = (round + (round - 1) / scenes.size()) % 2 == 1 ? Broker.REDIS : Broker.NATS;
      Scene scene = scenes.get((round - 1) % scenes.size());
      try (Broker broker = Broker.start(kind, workspace);
          BridgePair pair = new BridgePair(broker, workspace, "lost-" + round)) {
        String what = scene.play(broker, pair, workspace);
        faults.hit();
        faults.tell("round " + round + ": " + kind + ": " + what);
      } catch (ProofFailedException e) {
        throw new ProofFailedException("in round " + round + ", " + kind + ": " + e.getMessage());
      }
    }
  }

  // ---- the broker loses data

  private static String everythingLost(Broker broker, BridgePair pair, Workspace workspace)
      throws Exception {
    return lost(broker, pair, null);
  }

  private static String newestLost(Broker broker, BridgePair pair, Workspace workspace)
      throws Exception {
    pair.source().publish(BridgePair.TOPIC, EVENTS / 2);
    pair.awaitAll();
    Path copy = workspace.file("saved-" + pair.log());
    broker.kill();
    broker.save(copy);
    broker.restart();
    return lost(broker, pair, copy);
  }

  private static String lost(Broker broker, BridgePair pair, @Nullable Path saved)
      throws Exception {
    long left = pair.source().total();
    pair.source().publish(BridgePair.TOPIC, EVENTS);
    pair.awaitAll();
    long acknowledged = pair.source().total();
    broker.kill();
    pair.source().publish(BridgePair.TOPIC, EVENTS); // nobody notices that it is down
    if (saved == null) {
      broker.forgetAll();
    } else {
      broker.putBack(saved);
    }
    broker.restart();
    String outbound = pair.awaitOutbound(BridgeState.BROKEN);
    String inbound = pair.awaitInbound(BridgeState.BROKEN);
    requireNames(outbound, left, acknowledged);
    requireNames(inbound, left, acknowledged);
    pair.source().publish(BridgePair.TOPIC, EVENTS);
    require(pair.outStatus().lag() >= EVENTS, () -> "no lag: " + pair.outStatus());
    pair.rewindOutbound();
    pair.rewindInbound();
    pair.awaitAll();
    pair.target().requireExactly(pair.source().published());
    pair.requireInLog(pair.source().total());
    pair.awaitOutbound(BridgeState.RUNNING);
    pair.awaitInbound(BridgeState.RUNNING);
    return (saved == null ? "all" : "the newest " + EVENTS)
        + " of "
        + acknowledged
        + " events lost: \""
        + outbound
        + "\", \""
        + inbound
        + "\"; all there once after rewind";
  }

  /** Offsets are those of a database with one topic: they count its events. */
  private static void requireNames(String detail, long... positions) {
    for (long position : positions) {
      require(
          Pattern.compile("\\b" + position + "\\b").matcher(detail).find(),
          () -> position + " is not named in: " + detail);
    }
  }

  // ---- the database is copied, or put back

  private static String copied(Broker broker, BridgePair pair, Workspace workspace)
      throws Exception {
    pair.source().publish(BridgePair.TOPIC, EVENTS);
    pair.awaitAll();
    String origin = pair.source().honker().bridges().origin();
    pair.closeSource();
    Path copy = workspace.file(pair.log() + "-copy.db");
    Files.copy(pair.sourceFile(), copy);
    Map<String, Long> shared = pair.source().published();
    pair.openSource(pair.log()); // the original, under its old name
    pair.source().goOnAfter(shared);
    try (EventSource twin = new EventSource(copy, "copy");
        Bridge out = pair.outbound(twin)) {
      String twinOrigin = twin.honker().bridges().origin();
      require(!twinOrigin.equals(origin), () -> "the copy publishes as " + origin);
      require(
          pair.source().honker().bridges().origin().equals(origin),
          () -> "the original is not " + origin + " any more");
      for (int i = 0; i < EVENTS / 10; i++) {
        twin.publish(BridgePair.TOPIC, 3);
        pair.source().publish(BridgePair.TOPIC, 4);
      }
      Map<String, Long> all = new HashMap<>(pair.source().published());
      all.putAll(twin.published());
      pair.target().await(all, BridgePair.TO_DRAIN, () -> pair.trouble() + " | " + out.status());
      pair.target().requireExactly(all);
      pair.requireInLog(all.values().stream().mapToLong(Long::longValue).sum());
      require(
          out.status().state() == BridgeState.RUNNING
              && pair.outStatus().state() == BridgeState.RUNNING,
          () -> pair.trouble() + " | " + out.status());
      return "the original is " + origin + " still, its copy " + twinOrigin + "; all there once";
    }
  }

  /** Written over in place, so that the file looks like the same one. */
  private static String putBack(Broker broker, BridgePair pair, Workspace workspace)
      throws Exception {
    pair.source().publish(BridgePair.TOPIC, EVENTS);
    pair.awaitAll();
    pair.closeSource();
    Path copy = workspace.file(pair.log() + "-saved.db");
    Files.copy(pair.sourceFile(), copy);
    Map<String, Long> before = pair.source().published();
    pair.openSource(pair.log());
    pair.source().goOnAfter(before);
    pair.source().publish(BridgePair.TOPIC, EVENTS);
    pair.awaitAll();
    Map<String, Long> all = new HashMap<>(pair.source().published());
    String origin = pair.source().honker().bridges().origin();
    pair.closeSource();
    overwrite(copy, pair.sourceFile());
    pair.openSource("restored"); // and publishes at once, over offsets that are taken
    pair.source().publish(BridgePair.TOPIC, EVENTS);
    String detail = "recognised when it was opened";
    if (pair.source().honker().bridges().origin().equals(origin)) {
      detail = pair.awaitOutbound(BridgeState.BROKEN);
      requireNames(detail, EVENTS, 2 * EVENTS);
      pair.rewindOutbound();
    }
    all.putAll(pair.source().published());
    pair.target().await(all, BridgePair.TO_DRAIN, pair::trouble);
    pair.target().requireExactly(all);
    require(
        !pair.source().honker().bridges().origin().equals(origin),
        () -> "it still publishes as " + origin);
    return "put back by " + EVENTS + " events: \"" + detail + "\"; all there once";
  }

  private static void overwrite(Path from, Path to) throws Exception {
    Files.write(to, Files.readAllBytes(from));
    for (String suffix : List.of("-wal", "-shm")) {
      Files.deleteIfExists(Path.of(to + suffix));
    }
    Files.setLastModifiedTime(to, Files.getLastModifiedTime(from));
  }
}
