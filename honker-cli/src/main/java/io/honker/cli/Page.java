package io.honker.cli;

import picocli.CommandLine.Option;

/** Which part of a long list is wanted. */
final class Page {

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "50",
      description = "How many at most; default ${DEFAULT-VALUE}.")
  private int limit;

  @Option(
      names = "--after",
      paramLabel = "ID",
      defaultValue = "0",
      description = "Go on behind this id, the last one of the page before.")
  private long after;

  Page() {}

  int limit() {
    if (limit < 1) {
      throw new IllegalArgumentException("--limit must be at least 1, not " + limit);
    }
    return limit;
  }

  long after() {
    return after;
  }
}
