package io.honker.lab.bench;

import org.jspecify.annotations.Nullable;

/**
 * What one run of one side measured.
 *
 * @param value the case's figure, in its unit
 * @param p99 the 99th percentile where the case is a latency, else null
 */
record Figure(double value, @Nullable Double p99) {

  static Figure of(double value) {
    return new Figure(value, null);
  }

  /** Operations per second. */
  static Figure rate(long operations, long nanos) {
    return of(operations * 1e9 / nanos);
  }

  /** Median and 99th percentile in microseconds. */
  static Figure latency(java.util.List<Long> nanos) {
    java.util.List<Long> sorted = nanos.stream().sorted().toList();
    double p50 = sorted.get(sorted.size() / 2) / 1e3;
    double p99 = sorted.get(Math.min(sorted.size() - 1, sorted.size() * 99 / 100)) / 1e3;
    return new Figure(p50, p99);
  }
}
