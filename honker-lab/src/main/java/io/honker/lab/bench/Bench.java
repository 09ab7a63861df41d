package io.honker.lab.bench;

import io.honker.sqlite.SqliteOptions.Synchronous;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.opentest4j.TestAbortedException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Runs cases side by side and prints one JSON line each: the median of several runs in which the
 * sides take turns, after a warm-up run of each.
 *
 * <p>Usage: {@code Bench [--quick] [case...]}. The environment variable HONKER_NODE_MODULE names
 * the folder of the Node side; without it the honker column is null.
 */
public final class Bench {

  private static final String RAW_PUBLISH =
      "INSERT INTO _honker_stream(topic, payload, created_at) VALUES (?, ?, ?) RETURNING offset";

  private static final String RAW_NOTIFY =
      "INSERT INTO _honker_notifications(channel, payload, created_at) VALUES (?, ?, ?)"
          + " RETURNING id";

  /** Ends the names of cases in which nothing happens. */
  private static final String IDLE = "idle_cpu";

  private final boolean quick;
  private final int runs;
  private final @Nullable HonkerRuns honker;
  private final List<BenchCase> cases = new ArrayList<>();

  private Bench(boolean quick, @Nullable HonkerRuns honker) {
    this.quick = quick;
    this.runs = quick ? 3 : 5;
    this.honker = honker;
    addEnqueueCases();
    addClaimCases();
    addFeatureCases();
    addHibernateCases();
    addLatencyCases();
    for (Brokers.Kind kind : Brokers.Kind.values()) {
      addBridgeCases(kind);
    }
  }

  /** Runs the cases named, or all. */
  public static void main(String[] args) throws Exception {
    List<String> wanted = new ArrayList<>(Arrays.asList(args));
    boolean quick = wanted.remove("--quick");
    try (HonkerRuns honker = HonkerRuns.start(System.getenv("HONKER_NODE_MODULE"))) {
      if (honker == null) {
        note("no honker side: bin/honker-node found no node, npm or module");
      }
      new Bench(quick, honker).run(wanted);
    }
  }

  /** How much work a run does: less when in a hurry. */
  private int size(int full) {
    return quick ? full / 2 : full;
  }

  private @Nullable Side node(Side side) {
    return honker == null ? null : side;
  }

  private Figure nodeRate(String name, Path folder, int n, String arguments) throws IOException {
    return Objects.requireNonNull(honker).rate(name, folder, n, arguments);
  }

  private void addEnqueueCases() {
    int singles = size(40_000);
    cases.add(
        new BenchCase(
            "enqueue_single",
            "jobs/s",
            folder -> OurRuns.enqueueSingle(folder, singles),
            folder -> RawRuns.enqueueSingle(folder, singles, Synchronous.NORMAL),
            node(folder -> nodeRate("enqueue_single", folder, singles / 2, ""))));
    int batches = size(1_000);
    cases.add(
        new BenchCase(
            "enqueue_batch100",
            "jobs/s",
            folder -> OurRuns.enqueueBatch(folder, batches, 100),
            folder -> RawRuns.enqueueBatch(folder, batches, 100),
            node(folder -> nodeRate("enqueue_batch100", folder, batches * 40, ""))));
    int each = size(2_000);
    cases.add(
        new BenchCase(
            "enqueue_threads64",
            "jobs/s",
            folder -> OurRuns.enqueueThreads(folder, 64, each, Synchronous.NORMAL),
            folder -> RawRuns.enqueueSingle(folder, singles, Synchronous.NORMAL),
            null));
    int eachFull = size(600);
    cases.add(
        new BenchCase(
            "enqueue_threads64_full",
            "jobs/s",
            folder -> OurRuns.enqueueThreads(folder, 64, eachFull, Synchronous.FULL),
            folder -> RawRuns.enqueueSingle(folder, size(4_000), Synchronous.FULL),
            null));
  }

  private void addClaimCases() {
    int waiting = 20_000;
    int singles = size(10_000);
    cases.add(
        new BenchCase(
            "claim_ack_single",
            "jobs/s",
            folder -> OurRuns.claimAck(folder, singles, 1, waiting),
            folder -> RawRuns.claimAck(folder, singles, 1, waiting),
            node(folder -> nodeRate("claim_ack_single", folder, size(400), ""))));
    int batched = size(32 * 2_000);
    cases.add(
        new BenchCase(
            "claim_ack_batch32",
            "jobs/s",
            folder -> OurRuns.claimAck(folder, batched, 32, waiting),
            folder -> RawRuns.claimAck(folder, batched, 32, waiting),
            node(folder -> nodeRate("claim_ack_batch32", folder, size(6_400), ""))));
    cases.add(
        new BenchCase(
            "worker_throughput",
            "jobs/s",
            folder -> OurRuns.workerThroughput(folder, 100_000),
            null,
            null));
  }

  private void addFeatureCases() {
    int singles = size(30_000);
    addRate(
        "stream_publish",
        "events/s",
        folder -> FeatureRuns.streamPublish(folder, singles),
        folder -> FeatureRuns.rawInsert(folder, RAW_PUBLISH, singles),
        singles / 2);
    int batches = size(1_000);
    addRate(
        "stream_publish_batch100",
        "events/s",
        folder -> FeatureRuns.streamPublishBatch(folder, batches, 100),
        null,
        batches * 50);
    int replayed = size(400_000);
    addRate(
        "stream_replay",
        "events/s",
        folder -> FeatureRuns.streamReplay(folder, replayed),
        null,
        replayed);
    addRate(
        "notify",
        "notifications/s",
        folder -> FeatureRuns.notifications(folder, singles),
        folder -> FeatureRuns.rawInsert(folder, RAW_NOTIFY, singles),
        singles / 2);
    int cycles = size(20_000);
    addRate(
        "lock_cycle",
        "cycles/s",
        folder -> FeatureRuns.lockCycle(folder, cycles),
        null,
        cycles / 2);
    addRate(
        "rate_limit",
        "calls/s",
        folder -> FeatureRuns.rateLimit(folder, singles),
        null,
        singles / 2);
    cases.add(
        new BenchCase(
            "function_enqueue",
            "jobs/s",
            folder -> FeatureRuns.functionEnqueue(folder, singles),
            null,
            node(folder -> nodeRate("enqueue_single", folder, singles / 2, ""))));
    int ticks = size(200);
    cases.add(
        new BenchCase(
            "scheduler_tick_10k",
            "us",
            folder -> FeatureRuns.schedulerTick(folder, ticks, 10_000, 100),
            null,
            node(
                folder ->
                    Objects.requireNonNull(honker)
                        .latency("scheduler_tick_10k", folder, ticks, ""))));
  }

  private void addHibernateCases() {
    int transactions = size(16_000);
    cases.add(
        new BenchCase(
            "hibernate_entity_enqueue",
            "tx/s",
            folder -> HibernateRuns.ours(folder, 1, transactions),
            folder -> HibernateRuns.raw(folder, transactions),
            null));
    cases.add(
        new BenchCase(
            "hibernate_threads8", // the column "raw" is ours with one thread
            "tx/s",
            folder -> HibernateRuns.ours(folder, 8, transactions / 8),
            folder -> HibernateRuns.ours(folder, 1, transactions),
            null));
  }

  /** Adds a case whose honker side has the same name and does {@code theirs} operations. */
  private void addRate(String name, String unit, Side ours, @Nullable Side raw, int theirs) {
    cases.add(
        new BenchCase(name, unit, ours, raw, node(folder -> nodeRate(name, folder, theirs, ""))));
  }

  private void addLatencyCases() {
    cases.add(
        new BenchCase(
            "wake_in_process",
            "us",
            folder -> OurRuns.wakeInProcess(folder, size(1_500)),
            null,
            null));
    int wakes = quick ? 150 : 300;
    cases.add(
        new BenchCase(
            "wake_cross_process",
            "us",
            folder -> ChildRuns.wakeCrossProcess(folder, wakes),
            null,
            node(folder -> Objects.requireNonNull(honker).latency("wake", folder, wakes, ""))));
    cases.add(
        new BenchCase(
            "idle_cpu",
            "percent of a core",
            folder -> ChildRuns.idleCpu(folder, quick ? 10 : 30),
            null,
            node(
                folder ->
                    Figure.of(
                        Objects.requireNonNull(honker)
                            .run("idle_cpu", folder, 1, "\"seconds\":" + (quick ? 4 : 20))
                            .get("cpu_percent")
                            .asDouble()))));
  }

  private void addBridgeCases(Brokers.Kind kind) {
    String name = "bridge_" + kind.name().toLowerCase(Locale.ROOT);
    int events = size(100_000);
    cases.add(
        new BenchCase(
            name,
            "events/s",
            folder -> BridgeRuns.rate(kind, folder, events),
            folder -> RawBridges.rate(kind, folder, events),
            null));
    int singles = size(1_000);
    cases.add(
        new BenchCase(
            name + "_latency",
            "us",
            folder -> BridgeRuns.latency(kind, folder, singles),
            folder -> RawBridges.latency(kind, folder, singles),
            null));
    cases.add(
        new BenchCase(
            name + "_" + IDLE,
            "percent of a core",
            folder -> ChildRuns.idleCpu("idle-" + kind, folder, quick ? 10 : 30),
            null,
            null));
  }

  private void run(List<String> wanted) throws Exception {
    List<String> known = new ArrayList<>(cases.stream().map(BenchCase::name).toList());
    known.add("claim_depth");
    for (String name : wanted) {
      if (!known.contains(name)) {
        throw new IllegalArgumentException("no case " + name + "; there are " + known);
      }
    }
    for (BenchCase benchCase : cases) {
      if (wanted.isEmpty() || wanted.contains(benchCase.name())) {
        try {
          print(measure(benchCase));
        } catch (TestAbortedException e) {
          note(benchCase.name() + " is left out: " + e.getMessage());
        }
      }
      boolean depthIsNext = benchCase.name().equals("claim_ack_batch32");
      if (depthIsNext && (wanted.isEmpty() || wanted.contains("claim_depth"))) {
        print(new ClaimDepth(quick, runs, honker).measure());
      }
    }
  }

  // ---- one case

  private Map<String, Object> measure(BenchCase benchCase) throws Exception {
    Map<String, Side> sides = new LinkedHashMap<>();
    sides.put("ours", benchCase.ours());
    if (benchCase.raw() != null) {
      sides.put("raw", benchCase.raw());
    }
    if (benchCase.honker() != null) {
      sides.put("honker", benchCase.honker());
    }
    Map<String, List<Figure>> figures = new LinkedHashMap<>();
    boolean warmUp = !benchCase.name().endsWith(IDLE);
    for (int run = warmUp ? -1 : 0; run < runs; run++) {
      for (Map.Entry<String, Side> side : sides.entrySet()) {
        Figure figure = inFreshFolder(side.getValue());
        if (run >= 0) {
          figures.computeIfAbsent(side.getKey(), k -> new ArrayList<>()).add(figure);
        }
      }
    }
    return line(benchCase, figures);
  }

  static Figure inFreshFolder(Side side) throws Exception {
    Path folder = Files.createTempDirectory("honker-bench");
    try {
      return side.run(folder);
    } finally {
      delete(folder);
    }
  }

  static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  private Map<String, Object> line(BenchCase benchCase, Map<String, List<Figure>> figures) {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("case", benchCase.name());
    line.put("unit", benchCase.unit());
    Double ours = median(figures.get("ours"));
    Double raw = median(figures.get("raw"));
    Double theirs = median(figures.get("honker"));
    line.put("ours", ours);
    line.put("raw", raw);
    line.put("honker", theirs);
    line.put("ours_over_raw", ratio(ours, raw));
    line.put("ours_over_honker", ratio(ours, theirs));
    if (benchCase.unit().equals("us")) {
      Map<String, Object> p99 = new LinkedHashMap<>();
      p99.put("ours", medianP99(figures.get("ours")));
      if (figures.containsKey("raw")) {
        p99.put("raw", medianP99(figures.get("raw")));
      }
      p99.put("honker", medianP99(figures.get("honker")));
      line.put("p99", p99);
    }
    line.put("n", runs);
    return line;
  }

  static @Nullable Double median(@Nullable List<Figure> figures) {
    return figures == null ? null : middle(figures.stream().map(Figure::value).toList());
  }

  private static @Nullable Double medianP99(@Nullable List<Figure> figures) {
    if (figures == null) {
      return null;
    }
    List<Double> values = new ArrayList<>();
    for (Figure figure : figures) {
      Double p99 = figure.p99();
      if (p99 != null) {
        values.add(p99);
      }
    }
    return values.isEmpty() ? null : middle(values);
  }

  static Double middle(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    return rounded(sorted.get(sorted.size() / 2));
  }

  static @Nullable Double ratio(@Nullable Double one, @Nullable Double other) {
    return one == null || other == null || other == 0 ? null : rounded(one / other);
  }

  static double rounded(double value) {
    double unit = Math.abs(value) >= 1000 ? 1 : 1000;
    return Math.round(value * unit) / unit;
  }

  // ---- output

  @SuppressWarnings("SystemOut") // a program whose output this is
  private static void print(Map<String, Object> line) {
    System.out.println(new JsonMapper().writeValueAsString(line));
  }

  @SuppressWarnings("SystemOut")
  static void note(String text) {
    System.err.println("bench: " + text);
  }
}
