package io.honker.lab.cron;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The real honker in a Node process of its own, in a zone of its own, asked for next times. */
final class RealHonker implements AutoCloseable {

  /** Small enough that questions and answers fit into the pipes between the processes. */
  private static final int AT_ONCE = 100;

  // As text, because the binding rounds integers from 2^53 on.
  private static final String NEXT = "SELECT CAST(honker_cron_next_after(?, ?) AS TEXT) AS next";

  private static final String NEXT_OF_ALL =
      "SELECT CAST(honker_cron_next_after(json_extract(value, '$[0]'), json_extract(value, '$[1]'))"
          + " AS TEXT) AS next FROM json_each(?) ORDER BY key";

  private final JsonMapper json = new JsonMapper();
  private final Process process;
  private final PrintWriter requests;
  private final BufferedReader answers;

  private RealHonker(Process process) {
    this.process = process;
    this.requests = new PrintWriter(process.outputWriter(StandardCharsets.UTF_8));
    this.answers =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  /** Starts one; without the module the test is skipped. */
  static RealHonker start(Path folder, String zone) throws IOException {
    String module = System.getenv("HONKER_NODE_MODULE");
    assumeTrue(module != null && !module.isBlank(), "no HONKER_NODE_MODULE: see bin/honker-node");
    ProcessBuilder builder =
        new ProcessBuilder(
            "node", Path.of(module, "driver.js").toString(), folder.resolve("cron.db").toString());
    builder.environment().put("TZ", zone);
    RealHonker honker =
        new RealHonker(builder.redirectError(ProcessBuilder.Redirect.DISCARD).start());
    honker.answer(); // that it is ready
    return honker;
  }

  /** Next times of many, none of which may be refused, as text. */
  List<String> next(List<Question> questions) {
    List<List<Object>> pairs = new ArrayList<>();
    questions.forEach(question -> pairs.add(List.of(question.expression(), question.from())));
    send(NEXT_OF_ALL, List.of(json.writeValueAsString(pairs)));
    JsonNode answer = answer();
    if (answer.has("error")) {
      throw new AssertionError("honker refuses what we take: " + refused(questions));
    }
    List<String> times = new ArrayList<>();
    answer.required("ok").forEach(row -> times.add(row.get("next").asString()));
    return times;
  }

  private String refused(List<Question> questions) {
    List<String> outcomes = outcomes(questions);
    for (int i = 0; i < outcomes.size(); i++) {
      if (!outcomes.get(i).matches("-?\\d+")) {
        return questions.get(i) + ": " + outcomes.get(i);
      }
    }
    return "none of them alone";
  }

  /** For each the next time or why it is refused, as text. */
  List<String> outcomes(List<Question> questions) {
    List<String> outcomes = new ArrayList<>();
    for (int start = 0; start < questions.size(); start += AT_ONCE) {
      List<Question> some = questions.subList(start, Math.min(questions.size(), start + AT_ONCE));
      some.forEach(question -> send(NEXT, List.of(question.expression(), question.from())));
      some.forEach(question -> outcomes.add(outcome(answer())));
    }
    return outcomes;
  }

  private static String outcome(JsonNode answer) {
    return answer.has("error")
        ? answer.get("error").asString()
        : answer.required("ok").get(0).get("next").asString();
  }

  private void send(String sql, List<Object> params) {
    requests.println(
        json.writeValueAsString(Map.of("id", 1, "op", "call", "sql", sql, "params", params)));
    requests.flush();
  }

  private JsonNode answer() {
    try {
      String line = answers.readLine();
      if (line == null) {
        throw new IllegalStateException("the Node process ended");
      }
      return json.readTree(line);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws IOException, InterruptedException {
    requests.close();
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      process.destroyForcibly();
    }
    answers.close();
  }

  /** What to ask: the next time of an expression after unix seconds. */
  record Question(String expression, long from) {}
}
