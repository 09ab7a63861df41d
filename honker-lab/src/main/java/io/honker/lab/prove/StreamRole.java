package io.honker.lab.prove;

import io.honker.Honker;
import io.honker.codec.Json;
import io.honker.stream.EventStream;
import io.honker.stream.StreamEvent;
import io.honker.stream.Subscription;
import io.honker.stream.SubscriptionBuilder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * A consumer that is killed, or a group's member; what it does is also what its successor does. The
 * consumers publish to themselves, so that they never run out of events.
 */
final class StreamRole implements Role {

  private static final int LONGEST_WORK_NANOS = 300_000;
  private static final int BATCH = 20;

  /** Long beside the stalls of a busy machine: a member that lives is not to lose its slots. */
  private static final Duration MEMBER_LEASE = Duration.ofSeconds(10);

  private static final long PUBLISH_EVERY_NANOS = 3_000_000;

  @Override
  public void play(List<String> arguments, Parent parent) throws Exception {
    Path file = Path.of(arguments.get(0));
    int round = Integer.parseInt(arguments.get(1));
    parent.begin(0, "open", "");
    Honker honker = Honker.open(file);
    parent.end(0, "open", "");
    String name = "p" + ProcessHandle.current().pid();
    try (EventLog log = new EventLog(EventLog.beside(file), name);
        Subscription subscription =
            builder(honker, round, log, parent, LONGEST_WORK_NANOS).start()) {
      parent.note("ready", name + " " + subscription.consumer());
      if (!KillStream.isGroup(round)) {
        publishUntilStopped(topic(honker, round), parent);
      }
      while (!parent.isStopping()) {
        parent.nextRequest();
      }
    }
    honker.close();
  }

  private static void publishUntilStopped(EventStream<Json> topic, Parent parent) {
    while (!parent.isStopping()) {
      topic.publishAll(Collections.nCopies(BATCH, Json.of("{}")));
      Waiting.pass(PUBLISH_EVERY_NANOS);
    }
  }

  static EventStream<Json> topic(Honker honker, int round) {
    return honker.stream(KillStream.topic(round), Json.class);
  }

  /** The subscription of this kind of round; without a parent nobody is told. */
  static SubscriptionBuilder builder(
      Honker honker, int round, EventLog log, @Nullable Parent parent, int longestNanos) {
    EventStream<Json> topic = topic(honker, round);
    SubscriptionBuilder builder;
    if (KillStream.isGroup(round)) {
      builder =
          topic
              .joinGroup(KillStream.CONSUMER, event -> handle(event, log, parent, longestNanos))
              .concurrency(2)
              .memberLease(MEMBER_LEASE);
    } else if (KillStream.isTransactional(round)) {
      builder =
          topic.subscribeInTransaction(
              KillStream.CONSUMER,
              (event, tx) -> {
                tx.execute("INSERT INTO effects(event) VALUES (?)", event.offset());
                handle(event, log, parent, longestNanos);
              });
    } else {
      builder =
          topic.subscribe(KillStream.CONSUMER, event -> handle(event, log, parent, longestNanos));
    }
    return builder.saveEvery(10).saveInterval(Duration.ofMillis(50));
  }

  private static void handle(
      StreamEvent<Json> event, EventLog log, @Nullable Parent parent, int longestNanos)
      throws IOException {
    long thread = Thread.currentThread().getId();
    if (parent != null) {
      parent.begin(thread, "handle", event.offset());
    }
    log.begun(event);
    Waiting.pass(ThreadLocalRandom.current().nextInt(longestNanos));
    log.ended(event);
    if (parent != null) {
      parent.end(thread, "handle", event.offset());
    }
  }
}
