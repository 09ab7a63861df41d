package io.honker.lab.prove;

import static io.honker.lab.prove.ProofFailedException.require;

import io.honker.Honker;
import io.honker.codec.Json;
import io.honker.stream.EventStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Two members of a group that live, and a third that is killed while events are published. */
final class GroupScene implements AutoCloseable {

  private static final int GROUP_ROUND = 0;
  private static final int KEYS = 40;
  private static final int SURVIVORS = 2;
  private static final long PUBLISH_EVERY_NANOS = 2_000_000;
  private static final Duration LIMIT = Duration.ofMinutes(2);

  private final Workspace workspace;
  private final Path file;
  private final Path log;
  private final List<ChildProcess> survivors = new ArrayList<>();
  private long firstOffset;
  private @Nullable Publisher publisher;

  GroupScene(Workspace workspace) {
    this.workspace = workspace;
    this.file = workspace.file("group.db");
    this.log = EventLog.beside(file);
  }

  /** Publishes until it is told to end. */
  private static final class Publisher {
    private final Honker honker;
    private final Thread thread;
    private volatile boolean stopping;

    Publisher(Path file) {
      this.honker = Honker.open(file);
      this.thread = new Thread(this::publish, "publisher");
      thread.setDaemon(true);
      thread.start();
    }

    private void publish() {
      EventStream<Json> topic = StreamRole.topic(honker, GROUP_ROUND);
      for (int i = 0; !stopping; i++) {
        topic.publish("k" + i % KEYS, Json.of("{}"));
        Waiting.pass(PUBLISH_EVERY_NANOS);
      }
    }

    void end() throws InterruptedException {
      stopping = true;
      thread.join();
      honker.close();
    }
  }

  Path before(int round) throws Exception {
    try (Honker honker = Honker.open(file)) {
      firstOffset = StreamRole.topic(honker, GROUP_ROUND).lastOffset();
    }
    while (survivors.size() < SURVIVORS) {
      ChildProcess survivor =
          ChildProcess.role("survivor-" + survivors.size(), workspace, "stream", file, GROUP_ROUND);
      survivors.add(survivor);
      require(
          survivor.awaitLines(3), () -> survivor.name() + " did not start" + survivor.complaint());
    }
    publisher = new Publisher(file);
    return file;
  }

  /** Returns how many deliveries of the dead member came again. */
  int after(Transcript transcript) throws Exception {
    Objects.requireNonNull(publisher).end();
    Map<Long, String> keys = published();
    require(
        Waiting.until(LIMIT, () -> isHandled(keys)),
        () -> "after " + LIMIT.toSeconds() + " s events of " + keys.size() + " are not handled");
    List<EventLog.Line> lines = lines();
    List<Transcript.Step> ready = transcript.notes("ready");
    String killed = ready.isEmpty() ? "" : ready.get(0).what().split(" ")[0];
    KillStream.checkKeys(lines, keys, killed);
    long begun = lines.stream().filter(EventLog.Line::begun).count();
    return (int) (begun - keys.size());
  }

  private Map<Long, String> published() throws SQLException {
    try (DatabaseFile database = new DatabaseFile(file)) {
      return database.textsById(
          "SELECT offset, key FROM _honker_stream WHERE offset > ? ORDER BY offset", firstOffset);
    }
  }

  private boolean isHandled(Map<Long, String> keys) {
    try {
      return lines().stream()
              .filter(line -> !line.begun())
              .map(EventLog.Line::offset)
              .distinct()
              .count()
          == keys.size();
    } catch (IOException e) {
      return false;
    }
  }

  private List<EventLog.Line> lines() throws IOException {
    return Files.exists(log)
        ? EventLog.read(log).stream().filter(line -> line.offset() > firstOffset).toList()
        : List.of();
  }

  @Override
  public void close() {
    survivors.forEach(ChildProcess::close);
  }
}
