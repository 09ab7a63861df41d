package io.honker.cli;

import io.honker.Honker;
import io.honker.codec.Json;
import io.honker.stream.EventStream;
import io.honker.stream.StreamEvent;
import io.honker.stream.StreamPosition;
import io.honker.stream.StreamReader;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code honker tail}: the events of a topic as they come. */
@Command(
    name = "tail",
    description = "Prints the events of a topic as they come, from now on. Saves no offset.")
final class TailCommand extends FollowCommand {

  private static final String BEFORE_LAST =
      """
      SELECT offset FROM _honker_stream WHERE topic = ?
      ORDER BY offset DESC LIMIT 1 OFFSET ?""";

  @Parameters(index = "1", paramLabel = "TOPIC", description = "The topic.")
  private String topic = "";

  @ArgGroup private Start start = new Start();

  /** Where to begin. */
  static final class Start {

    @Option(names = "--from-beginning", description = "Begin with the first event stored.")
    private boolean fromBeginning;

    @Option(names = "--after", paramLabel = "OFFSET", description = "Begin behind this offset.")
    private @Nullable Long after;

    @Option(names = "-n", paramLabel = "N", description = "Begin with the last N events.")
    private @Nullable Integer last;
  }

  @Override
  Source follow(Honker honker) throws SQLException {
    EventStream<Json> stream = honker.stream(topic, Json.class);
    return new Events(stream.reader(position(honker)), JsonDocuments.open());
  }

  private StreamPosition position(Honker honker) {
    if (start.fromBeginning) {
      return StreamPosition.beginning();
    }
    if (start.after != null) {
      return StreamPosition.after(start.after);
    }
    return start.last == null ? StreamPosition.end() : beforeLast(honker, start.last);
  }

  private StreamPosition beforeLast(Honker honker, int count) {
    if (count < 0) {
      throw new IllegalArgumentException("-n must not be negative, but is " + count);
    }
    return honker.read(
        connection -> {
          try (PreparedStatement select = connection.prepareStatement(BEFORE_LAST)) {
            select.setString(1, topic);
            select.setInt(2, count);
            try (ResultSet row = select.executeQuery()) {
              return row.next() ? StreamPosition.after(row.getLong(1)) : StreamPosition.beginning();
            }
          }
        });
  }

  /** The events. */
  private final class Events implements Source {

    private final StreamReader<Json> reader;
    private final JsonDocuments documents;

    Events(StreamReader<Json> reader, JsonDocuments documents) {
      this.reader = reader;
      this.documents = documents;
    }

    @Override
    public boolean printNext(Duration wait) throws InterruptedException, SQLException {
      Optional<StreamEvent<Json>> next = reader.next(wait);
      if (next.isPresent()) {
        print(next.get(), documents.shown(next.get().payload().text()));
      }
      return next.isPresent();
    }

    private void print(StreamEvent<Json> event, Json payload) {
      Map<String, @Nullable Object> object = new LinkedHashMap<>();
      object.put("offset", event.offset());
      object.put("topic", event.topic());
      object.put("key", event.key());
      object.put("published_at", event.publishedAt());
      object.put("payload", payload);
      String key = event.key();
      output()
          .thing(
              object,
              event.offset()
                  + "  "
                  + event.publishedAt()
                  + "  "
                  + (key == null ? "-" : TableText.oneLine(key))
                  + "  "
                  + payload);
    }

    @Override
    public void close() throws SQLException {
      reader.close();
      documents.close();
    }
  }
}
