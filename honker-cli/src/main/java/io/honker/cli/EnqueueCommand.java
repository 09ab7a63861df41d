package io.honker.cli;

import io.honker.Honker;
import io.honker.codec.Json;
import io.honker.queue.EnqueueOptions;
import io.honker.queue.EnqueueResult;
import io.honker.queue.JobQueue;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code honker enqueue}: puts a job into a queue. */
@Command(name = "enqueue", description = "Puts a job into a queue and prints its id.")
final class EnqueueCommand extends FileCommand {

  private final InputStream in;

  @Parameters(index = "1", paramLabel = "QUEUE", description = "The queue.")
  private String queue = "";

  @Parameters(
      index = "2",
      paramLabel = "PAYLOAD",
      description = "A JSON document; - reads it from standard input.")
  private String payload = "";

  @Option(names = "--raw-text", description = "The payload is any text: make a JSON string of it.")
  private boolean rawText;

  @Option(names = "--priority", paramLabel = "N", description = "Higher runs first; default 0.")
  private int priority;

  @Option(names = "--delay", paramLabel = "DURATION", description = "Due after this, such as 5m.")
  private @Nullable Duration delay;

  @Option(
      names = "--run-at",
      paramLabel = "INSTANT",
      description = "Due then, such as 2027-01-31T08:00:00Z.")
  private @Nullable Instant runAt;

  @Option(
      names = "--expires-after",
      paramLabel = "DURATION",
      description = "Not worth running any more after this.")
  private @Nullable Duration expiresAfter;

  @Option(names = "--max-attempts", paramLabel = "N", description = "Default 3.")
  private @Nullable Integer maxAttempts;

  @Option(
      names = "--unique-key",
      paramLabel = "KEY",
      description = "Do nothing if a live job of the queue has this key.")
  private @Nullable String uniqueKey;

  @Option(
      names = "--unique-for",
      paramLabel = "DURATION",
      description = "Keep the key taken for this long, even when the job is done.")
  private @Nullable Duration uniqueFor;

  EnqueueCommand(InputStream in) {
    this.in = in;
  }

  @Override
  int run(Path file) throws SQLException {
    EnqueueOptions options = options();
    String text = payload.equals("-") ? readAll() : payload;
    Json document = rawText ? JsonDocuments.quoted(text) : JsonDocuments.checked(text);
    try (Honker honker = open(file)) {
      EnqueueResult result = enqueue(honker.queue(queue, Json.class), document, options);
      Map<String, Object> object = new LinkedHashMap<>();
      object.put("id", result.jobId());
      object.put("duplicate", result.duplicate());
      output()
          .thing(
              object,
              "job "
                  + result.jobId()
                  + (result.duplicate() ? " has the key already; nothing enqueued" : " enqueued"));
      return OK;
    }
  }

  private EnqueueResult enqueue(JobQueue<Json> jobs, Json document, EnqueueOptions options) {
    return uniqueKey == null
        ? new EnqueueResult(jobs.enqueue(document, options), false)
        : jobs.enqueueUnique(uniqueKey, document, options);
  }

  private EnqueueOptions options() {
    if (delay != null && runAt != null) {
      throw usage("give either --delay or --run-at");
    }
    if (uniqueFor != null && uniqueKey == null) {
      throw usage("--unique-for needs --unique-key");
    }
    EnqueueOptions.Builder options = EnqueueOptions.builder().priority(priority);
    if (delay != null) {
      options.delay(delay);
    }
    if (runAt != null) {
      options.runAt(runAt);
    }
    if (expiresAfter != null) {
      options.expiresAfter(expiresAfter);
    }
    if (maxAttempts != null) {
      options.maxAttempts(maxAttempts);
    }
    return options.uniqueFor(uniqueFor == null ? Duration.ZERO : uniqueFor).build();
  }

  private String readAll() {
    try {
      return new String(new BufferedInputStream(in).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw CommandFailedException.files("cannot read standard input: " + e.getMessage());
    }
  }
}
