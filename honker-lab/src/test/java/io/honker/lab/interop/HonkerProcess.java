package io.honker.lab.interop;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.honker.codec.TypeRef;
import io.honker.runtime.codec.JacksonCodec;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The real honker on a database file, in a Node process of its own that runs SQL for us. */
final class HonkerProcess implements AutoCloseable {

  private static final TypeRef<Map<String, Object>> OBJECT = new TypeRef<>() {};

  private final JacksonCodec json = new JacksonCodec();
  private final Process process;
  private final PrintWriter requests;
  private final BufferedReader answers;

  private HonkerProcess(Process process) {
    this.process = process;
    this.requests = new PrintWriter(process.outputWriter(StandardCharsets.UTF_8));
    this.answers =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  /** Starts one; without the module the test is skipped. */
  static HonkerProcess on(Path file) throws IOException {
    String module = System.getenv("HONKER_NODE_MODULE");
    assumeTrue(module != null && !module.isBlank(), "no HONKER_NODE_MODULE: see bin/honker-node");
    HonkerProcess honker =
        new HonkerProcess(
            new ProcessBuilder("node", Path.of(module, "driver.js").toString(), file.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
    Map<String, Object> ready = honker.answer();
    if (!Boolean.TRUE.equals(ready.get("ready"))) {
      throw new IOException("the driver says " + ready);
    }
    return honker;
  }

  /** Runs a query in a transaction of its own and returns the only value of its only row. */
  @Nullable Object call(String sql, @Nullable Object... parameters) throws IOException {
    requests.println(
        json.encode(
            Map.of("id", 1, "op", "call", "sql", sql, "params", Arrays.asList(parameters))));
    requests.flush();
    Map<String, Object> answer = answer();
    if (!(answer.get("ok") instanceof List<?> rows)) {
      throw new IOException(sql + ": " + answer);
    }
    Map<?, ?> row = (Map<?, ?>) rows.get(0);
    return row.values().iterator().next();
  }

  @SuppressWarnings("unchecked")
  private Map<String, Object> answer() throws IOException {
    String line = answers.readLine();
    if (line == null) {
      throw new IOException("the Node process has ended");
    }
    Map<String, Object> answer = (Map<String, Object>) json.decode(line, OBJECT.type());
    return answer == null ? Map.of() : answer;
  }

  @Override
  public void close() throws IOException, InterruptedException {
    requests.close();
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      process.destroyForcibly();
    }
    answers.close();
  }
}
