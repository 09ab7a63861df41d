package io.honker.cli;

import io.honker.Honker;
import io.honker.channel.Listener;
import io.honker.channel.MissedNotifications;
import io.honker.channel.Notification;
import io.honker.codec.Json;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code honker listen}: the notifications of a channel as they come. */
@Command(
    name = "listen",
    description = "Prints the notifications of a channel as they come, from now on.")
final class ListenCommand extends FollowCommand {

  @Parameters(index = "1", paramLabel = "CHANNEL", description = "The channel.")
  private String channel = "";

  @Override
  Source follow(Honker honker) throws SQLException {
    return new Notes(honker.channel(channel, Json.class).listen(), JsonDocuments.open());
  }

  /** The notifications. */
  private final class Notes implements Source {

    private final Listener<Json> listener;
    private final JsonDocuments documents;

    Notes(Listener<Json> listener, JsonDocuments documents) {
      this.listener = listener;
      this.documents = documents;
    }

    @Override
    public boolean printNext(Duration wait) throws InterruptedException, SQLException {
      Optional<Notification<Json>> next = listener.next(wait);
      for (MissedNotifications missed : listener.missed()) {
        output()
            .remark(
                "missed: notifications up to "
                    + missed.upToId()
                    + " were pruned before they could be read\n");
      }
      if (next.isPresent()) {
        print(next.get(), documents.shown(next.get().payload().text()));
      }
      return next.isPresent();
    }

    private void print(Notification<Json> note, Json payload) {
      Map<String, Object> object = new LinkedHashMap<>();
      object.put("id", note.id());
      object.put("channel", note.channel());
      object.put("created_at", note.createdAt());
      object.put("payload", payload);
      output().thing(object, note.id() + "  " + note.createdAt() + "  " + payload);
    }

    @Override
    public void close() throws SQLException {
      listener.close();
      documents.close();
    }
  }
}
