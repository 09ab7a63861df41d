package io.honker.lab.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Whether claim + ack of one job costs the same however many wait. */
final class ClaimDepth {

  private static final int PRIORITIES = 3;

  private final boolean quick;
  private final int runs;
  private final @Nullable HonkerRuns honker;

  ClaimDepth(boolean quick, int runs, @Nullable HonkerRuns honker) {
    this.quick = quick;
    this.runs = runs;
    this.honker = honker;
  }

  Map<String, Object> measure() throws Exception {
    Map<String, Long> depths = new LinkedHashMap<>();
    depths.put("1k", 1_000L);
    depths.put("10k", 10_000L);
    depths.put("100k", 100_000L);
    depths.put("1m", 1_000_000L);
    Map<String, List<Double>> micros = new LinkedHashMap<>();
    List<Double> theirs = new ArrayList<>();
    ours("1k", 1_000, false, new LinkedHashMap<>()); // warm-up
    for (int run = 0; run < runs; run++) {
      for (Map.Entry<String, Long> depth : depths.entrySet()) {
        if (depth.getValue() == 1_000_000 && quick && run > 0) {
          continue; // filling a million rows takes longer than all the rest
        }
        ours(depth.getKey(), depth.getValue(), false, micros);
      }
      ours("mixed", 100_000, true, micros);
      if (honker != null) {
        theirs.add(Bench.inFreshFolder(this::theirsAt100k).value());
      }
    }
    return line(micros, theirs);
  }

  private void ours(String name, long due, boolean mixed, Map<String, List<Double>> micros)
      throws Exception {
    Figure figure =
        Bench.inFreshFolder(
            folder -> {
              Databases.open(folder).close();
              Databases.fill(folder, due, "due", PRIORITIES);
              if (mixed) {
                Databases.fill(folder, 100_000, "delayed", PRIORITIES);
                Databases.fill(folder, 100_000, "inflight", PRIORITIES);
              }
              return Figure.of(OurRuns.claimAckMicros(folder, 400));
            });
    micros.computeIfAbsent(name, k -> new ArrayList<>()).add(figure.value());
  }

  private Figure theirsAt100k(Path folder) throws Exception {
    return Objects.requireNonNull(honker).latency("claim_depth", folder, 20, "\"depth\":100000");
  }

  private Map<String, Object> line(Map<String, List<Double>> micros, List<Double> theirs) {
    Map<String, Double> us = new LinkedHashMap<>();
    micros.forEach((name, values) -> us.put(name, Bench.middle(values)));
    Double ours = us.get("100k");
    Double honkers = theirs.isEmpty() ? null : Bench.middle(theirs);
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("case", "claim_depth");
    line.put("unit", "us");
    line.put("ours", ours);
    line.put("raw", null);
    line.put("honker", honkers);
    line.put("ours_over_raw", null);
    line.put("ours_over_honker", Bench.ratio(ours, honkers));
    line.put("us", us);
    line.put("ratio_100k", Bench.ratio(us.get("100k"), us.get("1k")));
    line.put("ratio_1m", Bench.ratio(us.get("1m"), us.get("1k")));
    line.put("ratio_mixed", Bench.ratio(us.get("mixed"), us.get("1k")));
    line.put("n", runs);
    return line;
  }
}
