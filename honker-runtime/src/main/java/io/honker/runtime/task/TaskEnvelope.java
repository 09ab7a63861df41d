package io.honker.runtime.task;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A call of a task as honker's bindings write it into a job's payload. The arguments stay JSON, so
 * that the database's own codec reads each as the type that the handler asks for.
 *
 * @param task the task's name
 * @param args the positional arguments, each a JSON document
 * @param kwargs the arguments by keyword, each a JSON document
 */
record TaskEnvelope(String task, List<String> args, Map<String, String> kwargs) {

  private static final String KEY = "__honker_task__";

  /** Takes an envelope apart and nothing more: numbers stay as exact as they were written. */
  private static final JsonMapper PARTS =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS) // Python writes NaN
          .build();

  /** Reads an envelope; empty for any other payload. */
  static Optional<TaskEnvelope> read(String json) {
    JsonNode call;
    try {
      call = PARTS.readTree(json).path(KEY);
    } catch (JacksonException e) {
      return Optional.empty();
    }
    JsonNode args = call.path("args");
    JsonNode kwargs = call.path("kwargs");
    boolean complete =
        call.path("task").isString()
            && (args.isArray() || isAbsent(args))
            && (kwargs.isObject() || isAbsent(kwargs));
    if (!complete) {
      return Optional.empty();
    }
    List<String> positional = new ArrayList<>(args.size());
    for (JsonNode argument : args) {
      positional.add(PARTS.writeValueAsString(argument));
    }
    Map<String, String> byKeyword = new LinkedHashMap<>();
    kwargs.forEachEntry((name, value) -> byKeyword.put(name, PARTS.writeValueAsString(value)));
    return Optional.of(
        new TaskEnvelope(
            call.path("task").stringValue(),
            Collections.unmodifiableList(positional),
            Collections.unmodifiableMap(byKeyword)));
  }

  private static boolean isAbsent(JsonNode node) {
    return node.isMissingNode() || node.isNull();
  }

  /** The envelope's document. */
  String json() {
    StringBuilder json = new StringBuilder("{\"" + KEY + "\":{\"task\":");
    json.append(PARTS.writeValueAsString(task)).append(",\"args\":[");
    json.append(String.join(",", args)).append("],\"kwargs\":{");
    String between = "";
    for (Map.Entry<String, String> argument : kwargs.entrySet()) {
      json.append(between).append(PARTS.writeValueAsString(argument.getKey())).append(':');
      json.append(argument.getValue());
      between = ",";
    }
    return json.append("}}}").toString();
  }
}
