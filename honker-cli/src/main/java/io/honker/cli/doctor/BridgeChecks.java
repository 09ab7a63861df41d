package io.honker.cli.doctor;

import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Bridges to other machines that do not carry what they should. */
final class BridgeChecks {

  private static final String BRIDGES =
      """
      SELECT b.name, b.kind, b.state, b.detail, b.since, b.paused, b.local,
        EXISTS (SELECT 1 FROM _honker_locks l
          WHERE l.name = 'honkerj-bridge:' || b.name AND l.expires_at > ?) AS run,
        coalesce((SELECT c.offset FROM _honker_stream_consumers c
          WHERE c.name = 'honkerj-bridge:' || b.name AND c.topic = b.local), 0) AS position
      FROM _honkerj_bridges b ORDER BY b.name""";

  private static final String WAITING =
      """
      SELECT count(*), coalesce(min(created_at), 0) FROM (SELECT created_at FROM _honker_stream
        WHERE topic = ? AND offset > ? ORDER BY offset LIMIT 10000)""";

  private static final int COUNTED = 10_000;

  private final Examination examination;
  private final long limit;

  BridgeChecks(Examination examination, DoctorSettings settings) {
    this.examination = examination;
    this.limit = examination.now() - settings.overdue().toSeconds();
  }

  /**
   * A bridge on record.
   *
   * @param sends whether it carries events away; those that wait are known then
   * @param run whether a process runs it
   * @param waiting how many events wait, at most 10,000
   * @param oldest when the oldest of them was published
   */
  private record Row(
      String name,
      boolean sends,
      String state,
      @Nullable String detail,
      long since,
      boolean paused,
      boolean run,
      long waiting,
      long oldest) {

    /** How many wait, as a sentence. */
    String backlog() {
      if (waiting == 1) {
        return "1 event waits";
      }
      return (waiting < COUNTED ? waiting + " events" : "10000 events or more") + " wait";
    }
  }

  void run() throws SQLException {
    if (examination.hasTable("_honkerj_bridges")) {
      examination.each(row -> check(read(row)), BRIDGES, examination.now());
    }
  }

  private Row read(ResultSet row) throws SQLException {
    boolean sends = row.getString("kind").equals("OUTBOUND");
    long[] waiting = new long[2];
    if (sends) {
      examination.each(
          counted -> {
            waiting[0] = counted.getLong(1);
            waiting[1] = counted.getLong(2);
          },
          WAITING,
          row.getString("local"),
          row.getLong("position"));
    }
    return new Row(
        row.getString("name"),
        sends,
        row.getString("state"),
        row.getString("detail"),
        row.getLong("since"),
        row.getInt("paused") != 0,
        row.getInt("run") != 0,
        waiting[0],
        waiting[1]);
  }

  private void check(Row bridge) {
    if (bridge.state().equals("BROKEN")) {
      broken(bridge);
    } else if (bridge.paused()) {
      paused(bridge);
    } else if (!bridge.run()) {
      stopped(bridge);
    } else if (bridge.state().equals("RETRYING")) {
      retrying(bridge);
    } else if (isBehind(bridge)) {
      found(
          "bridge-backlog",
          Severity.WARNING,
          bridge,
          "runs, but " + waiting(bridge),
          "find out what is slow: the broker, the network, or a batchSize that is too small");
    }
  }

  private void broken(Row bridge) {
    found(
        "bridge-broken",
        Severity.ERROR,
        bridge,
        "has been broken for "
            + examination.since(bridge.since())
            + " and carries nothing: "
            + bridge.detail(),
        "honker bridge rewind FILE NAME; if it is broken again because events are gone for good,"
            + " honker bridge accept-loss FILE NAME");
  }

  private void paused(Row bridge) {
    if (!bridge.sends() || bridge.waiting() > 0) {
      found(
          "bridge-paused",
          Severity.NOTE,
          bridge,
          "is paused, and "
              + (bridge.sends() ? bridge.backlog() : "what comes for it waits at the broker"),
          "honker bridge resume FILE NAME when it may go on");
    }
  }

  private void stopped(Row bridge) {
    String remedy =
        "start the process that runs it, or honker bridge run; if it is not needed any more, honker"
            + " bridge forget FILE NAME"
            + (bridge.sends() ? ": until then its topic is not trimmed past it" : "");
    if (isBehind(bridge)) {
      found(
          "bridge-stopped",
          Severity.WARNING,
          bridge,
          "is run by no process, and " + waiting(bridge),
          remedy);
    } else if (!bridge.sends()) {
      found("bridge-stopped", Severity.NOTE, bridge, "is run by no process", remedy);
    }
  }

  private void retrying(Row bridge) {
    if (bridge.since() <= limit) {
      found(
          "bridge-retrying",
          Severity.WARNING,
          bridge,
          "has been trying in vain for "
              + examination.since(bridge.since())
              + (bridge.waiting() > 0 ? ", while " + bridge.backlog() + ": " : ": ")
              + bridge.detail(),
          "do what the message says; the bridge goes on by itself then");
    }
  }

  private boolean isBehind(Row bridge) {
    return bridge.waiting() > 0 && bridge.oldest() <= limit;
  }

  private String waiting(Row bridge) {
    return bridge.backlog() + ", the oldest for " + examination.since(bridge.oldest());
  }

  private void found(String id, Severity severity, Row bridge, String message, String remedy) {
    examination.found(
        id, severity, bridge.name(), "the bridge \"" + bridge.name() + "\" " + message, remedy);
  }
}
