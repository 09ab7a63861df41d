package io.honker.cli;

import io.honker.cli.backup.BridgeProgress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How far bridges are, for programs and for people. */
final class BridgeText {

  private static final List<String> COLUMNS =
      List.of(
          "bridge",
          "topic",
          "log",
          "position",
          "origin",
          "source_topic",
          "intended",
          "acknowledged",
          "on_their_way");

  private BridgeText() {}

  static Rows rows(List<BridgeProgress> bridges) {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (BridgeProgress bridge : bridges) {
      rows.add(
          Arrays.asList(
              bridge.bridge(),
              bridge.topic(),
              bridge.log(),
              bridge.position(),
              bridge.origin(),
              bridge.sourceTopic(),
              bridge.intended(),
              bridge.acknowledged(),
              bridge.onTheirWay()));
    }
    return new Rows(COLUMNS, rows);
  }

  /** A line for each, behind a line break. */
  static String lines(List<BridgeProgress> bridges) {
    StringBuilder text = new StringBuilder();
    for (BridgeProgress bridge : bridges) {
      text.append("\nbridge ")
          .append(TableText.oneLine(bridge.bridge()))
          .append(": position ")
          .append(bridge.position() == null ? "-" : bridge.position())
          .append("; of ")
          .append(TableText.oneLine(bridge.origin() + "/" + bridge.sourceTopic()))
          .append(" sent up to ")
          .append(bridge.intended())
          .append(", acknowledged up to ")
          .append(bridge.acknowledged())
          .append(", ")
          .append(
              bridge.onTheirWay() == 0
                  ? "nothing on its way"
                  : Counted.of(bridge.onTheirWay(), "event") + " not acknowledged");
    }
    return text.toString();
  }
}
