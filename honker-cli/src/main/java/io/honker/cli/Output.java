package io.honker.cli;

import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Where results and errors of every command go: tables for people, or with {@code --json} one line
 * of JSON each. All is flushed at once, so that another program can work with a command while it
 * runs.
 */
final class Output {

  @Option(names = "--json", description = "Print one line of JSON per result, errors included.")
  private boolean json;

  @Spec(Spec.Target.MIXEE)
  private @Nullable CommandSpec command;

  Output() {}

  /** Prints rows. */
  void rows(Rows rows) {
    print(json ? JsonText.of(rows) : TableText.of(rows));
  }

  /** Prints a list that is no result of SQL: what is not there is a dash. */
  void list(Rows rows) {
    print(json ? JsonText.of(rows) : TableText.of(rows, "-"));
  }

  /** Prints one thing: an object for programs, a line for people. */
  void thing(Map<String, ? extends @Nullable Object> object, String line) {
    print(json ? JsonText.of(object) : line);
  }

  /** Prints what happens meanwhile: a line of standard error for people, a result for programs. */
  void event(Map<String, ? extends @Nullable Object> object, String line) {
    if (json) {
      print(JsonText.of(object));
    } else {
      remark(line + "\n");
    }
  }

  /** Prints a remark for people beside the results. */
  void remark(String text) {
    if (command != null) {
      PrintWriter err = command.commandLine().getErr();
      err.print(text);
      err.flush();
    }
  }

  /** Whether nobody reads the results any more, as behind {@code | head}. */
  boolean isClosed() {
    return command != null && command.commandLine().getOut().checkError();
  }

  /** Prints that something without rows was done. */
  void done(String what) {
    print(json ? "[]" : what);
  }

  /** Prints a failure that has several reasons, each with its place. */
  void failure(Failure failure, Rows reasons) {
    if (json) {
      Map<String, @Nullable Object> object = new LinkedHashMap<>();
      object.put("error", failure.text());
      object.put("code", failure.code());
      object.put("problems", reasons);
      print(JsonText.of(object));
      return;
    }
    failure(failure);
    for (List<@Nullable Object> reason : reasons.values()) {
      Object place = reason.get(0);
      remark("  " + (place == null ? "" : place + ": ") + reason.get(1) + "\n");
    }
  }

  /** Prints a failure; with {@code --json} it is a result like others. */
  void failure(Failure failure) {
    if (json) {
      print(JsonText.of(failure));
    } else if (command != null) {
      PrintWriter err = command.commandLine().getErr();
      err.println("error: " + failure.text() + " (" + failure.code() + ")");
      err.flush();
    }
  }

  private void print(String text) {
    if (command != null) {
      PrintWriter out = command.commandLine().getOut();
      out.print(text + "\n");
      out.flush();
    }
  }
}
