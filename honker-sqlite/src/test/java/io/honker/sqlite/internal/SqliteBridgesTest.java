package io.honker.sqlite.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.honker.runtime.store.BridgeRow;
import io.honker.runtime.store.NewEvent;
import io.honker.runtime.store.OriginRow;
import io.honker.runtime.store.OutgoingRow;
import io.honker.runtime.store.ReceivedMark;
import io.honker.runtime.store.SentRow;
import io.honker.runtime.store.StoreConnection;
import io.honker.tck.Rule;
import io.honker.time.SystemClock;
import io.honker.transport.Source;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is on record of bridges, and what trimming a topic leaves of it. */
class SqliteBridgesTest {

  private static final Source ELSEWHERE = new Source("elsewhere.1", "orders");
  private static final Instant THEN = Instant.parse("2026-03-01T10:00:00.123Z");

  @TempDir private Path folder;
  private StoreConnection c;
  private final SqliteBridges bridges = new SqliteBridges();
  private final SqliteStreams streams = new SqliteStreams();

  @BeforeEach
  void open() throws SQLException {
    SqliteSettings settings = new SqliteSettings("OFF", 1, Duration.ofSeconds(5), 1000, null);
    c =
        new StoreConnection(
            new SqliteConnections(folder.resolve("t.db"), settings, SystemClock.instance())
                .openWriter());
    new Schema(c.jdbc(), new FileIdentity(folder.resolve("t.db"))).prepare();
  }

  @AfterEach
  void close() throws SQLException {
    c.close();
    c.jdbc().close();
  }

  private static BridgeRow bridge(String name, String state, @Nullable String detail) {
    return new BridgeRow(name, "OUTBOUND", "orders", "log", state, detail, 7, false, null, 0);
  }

  private long[] publish(String topic, int count) throws SQLException {
    return streams.insertAll(c, topic, Collections.nCopies(count, new NewEvent("k", "{}")), 5);
  }

  private static List<ReceivedMark> marks(long[] offsets, long firstAtSource) {
    List<ReceivedMark> marks = new ArrayList<>();
    for (int i = 0; i < offsets.length; i++) {
      marks.add(new ReceivedMark(offsets[i], ELSEWHERE, firstAtSource + i, THEN));
    }
    return marks;
  }

  private List<OutgoingRow> outgoing(String topic, long after) throws SQLException {
    return bridges.readOutgoing(c, topic, after, 1_000, Long.MAX_VALUE);
  }

  private long count(String table) throws SQLException {
    try (ResultSet row = c.jdbc().createStatement().executeQuery("SELECT count(*) FROM " + table)) {
      row.next();
      return row.getLong(1);
    }
  }

  // ---- the bridges on record

  @Rule(id = "B-2")
  void insert_ofANameThatIsTaken_changesNothing() throws SQLException {
    assertThat(bridges.insert(c, bridge("b", "RUNNING", null))).isTrue();
    assertThat(bridges.insert(c, bridge("b", "BROKEN", "why"))).isFalse();
    assertThat(bridges.insert(c, bridge("a", "RUNNING", null))).isTrue();

    assertThat(bridges.find(c, "b")).contains(bridge("b", "RUNNING", null));
    assertThat(bridges.find(c, "c")).isEmpty();
    assertThat(bridges.list(c)).extracting(BridgeRow::name).containsExactly("a", "b");
  }

  @Rule(id = "B-2")
  void update_ofABridge_changesAllButItsEnds() throws SQLException {
    bridges.insert(c, bridge("b", "RUNNING", null));
    BridgeRow other =
        new BridgeRow("b", "INBOUND", "x", "y", "BROKEN", "why", 9, true, "rewind", 3);

    assertThat(bridges.update(c, other)).isTrue();

    assertThat(bridges.find(c, "b"))
        .contains(
            new BridgeRow("b", "OUTBOUND", "orders", "log", "BROKEN", "why", 9, true, "rewind", 3));
    assertThat(bridges.update(c, bridge("c", "RUNNING", null))).isFalse();
  }

  @Rule(id = "B-2")
  void delete_ofABridge_forgetsWhatItSentAndNotWhatWasReceived() throws SQLException {
    bridges.insert(c, bridge("b", "RUNNING", null));
    bridges.putSent(c, "b", new SentRow(ELSEWHERE, 5, 3));
    bridges.putSent(c, "other", new SentRow(ELSEWHERE, 6, 6));
    bridges.putReceived(c, "topic:orders", ELSEWHERE, 4);

    assertThat(bridges.delete(c, "b")).isTrue();

    assertThat(bridges.delete(c, "b")).isFalse();
    assertThat(bridges.sent(c, "b")).isEmpty();
    assertThat(bridges.sent(c, "other")).hasSize(1);
    assertThat(bridges.received(c, "topic:orders", ELSEWHERE)).hasValue(4);
  }

  // ---- sending and receiving

  @Rule(id = "B-2")
  void putSent_forwardsAndBackwards_keepsTheLast() throws SQLException {
    bridges.putSent(c, "b", new SentRow(ELSEWHERE, 5, 3));
    bridges.putSent(c, "b", new SentRow(new Source("elsewhere.1", "mail"), 1, 0));
    bridges.putSent(c, "b", new SentRow(ELSEWHERE, 2, 1));

    assertThat(bridges.sent(c, "b"))
        .containsExactly(
            new SentRow(new Source("elsewhere.1", "mail"), 1, 0), new SentRow(ELSEWHERE, 2, 1));
  }

  @Test
  void putReceived_perTargetAndSource_isKeptApart() throws SQLException {
    bridges.putReceived(c, "topic:orders", ELSEWHERE, 4);
    bridges.putReceived(c, "topic:orders", ELSEWHERE, 9);
    bridges.putReceived(c, "queue:mail", ELSEWHERE, 1);

    assertThat(bridges.received(c, "topic:orders", ELSEWHERE)).hasValue(9);
    assertThat(bridges.received(c, "queue:mail", ELSEWHERE)).hasValue(1);
    assertThat(bridges.received(c, "topic:orders", new Source("elsewhere.2", "orders"))).isEmpty();
  }

  @Test
  void readOutgoing_ofOwnAndReceivedEvents_tellsThemApart() throws SQLException {
    long own = publish("orders", 1)[0];
    long[] received = publish("orders", 300); // more than one statement inserts
    bridges.markReceived(c, "orders", marks(received, 41));
    publish("other", 1);
    long last = publish("orders", 1)[0];

    List<OutgoingRow> rows = outgoing("orders", 0);

    assertThat(rows).hasSize(302);
    assertThat(rows.get(0).event().offset()).isEqualTo(own);
    assertThat(rows.get(0).event().key()).isEqualTo("k");
    assertThat(rows.get(0).mark()).isNull();
    assertThat(rows.subList(1, 301))
        .extracting(OutgoingRow::mark)
        .containsExactlyElementsOf(marks(received, 41));
    assertThat(rows.get(301).event().offset()).isEqualTo(last);
    assertThat(rows.get(301).mark()).isNull();
    assertThat(outgoing("orders", received[299])).hasSize(1);
  }

  @Rule(id = "B-2")
  void readOutgoing_withLimits_endsThePage() throws SQLException {
    publish("orders", 5);

    assertThat(bridges.readOutgoing(c, "orders", 0, 3, Long.MAX_VALUE)).hasSize(3);
    assertThat(bridges.readOutgoing(c, "orders", 0, 9, 3)).hasSize(2); // of 2 characters each
    assertThat(bridges.readOutgoing(c, "orders", 0, 9, 1)).hasSize(1);
  }

  // ---- trimming

  @Rule(id = "S-5")
  void trim_ofATopic_isOnRecordAndTakesTheMarksAlong() throws SQLException {
    long[] offsets = publish("orders", 10);
    long[] others = publish("other", 10);
    bridges.markReceived(c, "orders", marks(offsets, 1));
    bridges.markReceived(c, "other", marks(others, 1));
    assertThat(bridges.trimmedUpTo(c, "orders")).isZero();

    assertThat(streams.trim(c, "orders", offsets[6], 4)).isEqualTo(4);
    assertThat(bridges.trimmedUpTo(c, "orders")).isEqualTo(offsets[3]);
    assertThat(streams.trim(c, "orders", offsets[6], 4)).isEqualTo(3);
    assertThat(bridges.trimmedUpTo(c, "orders")).isEqualTo(offsets[6]);
    assertThat(streams.trim(c, "orders", offsets[6], 4)).isZero();

    assertThat(bridges.trimmedUpTo(c, "orders")).isEqualTo(offsets[6]);
    assertThat(bridges.trimmedUpTo(c, "other")).isZero();
    assertThat(outgoing("orders", 0))
        .extracting(OutgoingRow::mark)
        .containsExactlyElementsOf(marks(offsets, 1).subList(7, 10));
    assertThat(count("_honkerj_received_marks")).isEqualTo(13);
  }

  // ---- identity

  @Rule(id = "B-2")
  void beginOrigin_afterTheFirst_isLastInOrder() throws SQLException {
    List<OriginRow> first = bridges.origins(c);
    assertThat(first).hasSize(1);
    assertThat(first.get(0).after()).isZero();
    assertThat(first.get(0).origin()).matches("[0-9a-f-]{36}\\.[0-9a-f]{8}");

    bridges.beginOrigin(c, new OriginRow("b", 10));
    bridges.beginOrigin(c, new OriginRow("a", 10));

    assertThat(bridges.origins(c)).extracting(OriginRow::after).containsExactly(0L, 10L, 10L);
    assertThat(bridges.origins(c)).extracting(OriginRow::origin).endsWith("b", "a");
  }
}
