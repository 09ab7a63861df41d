package io.honker.transport.redis;

import io.honker.spi.PlainName;
import io.honker.transport.RemoteEvent;
import io.honker.transport.RemoteLog;
import io.honker.transport.RemoteReader;
import io.honker.transport.Source;
import io.honker.transport.TransportException;
import io.lettuce.core.RedisClient;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A log in one stream and one hash, both in the same slot. */
final class RedisLog implements RemoteLog {

  /** The server does nothing else while a script runs, so a batch is cut into short ones. */
  private static final int MAX_EVENTS = 500;

  private static final long MAX_CHARACTERS = 1L << 20;

  private final String name;
  private final RedisClient client;
  private final RedisSettings settings;
  private final RedisLink link;
  private final String stream;
  private final String sources;
  private final AppendScript script;
  private final @Nullable TrimScript trim;
  private final Consumer<RedisReader> opened;

  RedisLog(
      String name,
      RedisClient client,
      RedisSettings settings,
      RedisLink link,
      Consumer<RedisReader> opened) {
    this.name = name;
    this.client = client;
    this.settings = settings;
    this.link = link;
    this.opened = opened;
    this.stream = settings.streamKey(name);
    this.sources = settings.sourcesKey(name);
    this.script = new AppendScript(link, name, stream, sources, settings.retention());
    this.trim =
        settings.retention() == null
            ? null
            : new TrimScript(link, name, stream, settings.retention());
  }

  /** Refuses keys that hold something else. */
  void check() {
    String what = "opening log " + name;
    requireType(what, stream, "stream");
    requireType(what, sources, "hash");
  }

  private void requireType(String what, String key, String type) {
    String found = link.call(what, redis -> redis.type(key));
    if (!found.equals(type) && !found.equals("none")) {
      throw new TransportException(
          what
              + " failed at "
              + settings.where()
              + ": key "
              + key
              + " is a "
              + found
              + ", not a "
              + type
              + "; choose another log or prefix",
          false,
          null);
    }
  }

  @Override
  public String name() {
    return name;
  }

  /** Whoever asks has nothing to append, so it is also the time to remove what is too old. */
  @Override
  public long lastOffset(Source source) {
    if (trim != null) {
      trim.run();
    }
    String field = AppendScript.field(source);
    @Nullable String last =
        link.<@Nullable String>call(
            "reading the last offset of log " + name, redis -> redis.hget(sources, field));
    return last == null ? 0 : offset(last);
  }

  @Override
  public long append(Source source, List<RemoteEvent> events) {
    RemoteEvent.requireChain(events);
    long last = 0;
    for (int from = 0; from < events.size(); ) {
      int to = endOfPart(events, from);
      last = offset(script.run(source, events.subList(from, to)));
      if (last != events.get(to - 1).offset()
          && !isAmong(events.subList(to, events.size()), last)) {
        return last;
      }
      from = to;
    }
    return last;
  }

  private long offset(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new TransportException(
          "key "
              + sources
              + " at "
              + settings.where()
              + " holds what is no offset; somebody else writes to it",
          false,
          e);
    }
  }

  private static int endOfPart(List<RemoteEvent> events, int from) {
    long characters = 0;
    int to = from;
    while (to < events.size() && to - from < MAX_EVENTS) {
      characters += events.get(to).payload().length();
      if (to > from && characters > MAX_CHARACTERS) {
        return to;
      }
      to++;
    }
    return to;
  }

  /** The log may be ahead of this part and yet within the batch. */
  private static boolean isAmong(List<RemoteEvent> rest, long offset) {
    return rest.stream().anyMatch(event -> event.offset() == offset);
  }

  @Override
  public RemoteReader reader(String group, String member) {
    RedisReader reader =
        new RedisReader(
            name,
            stream,
            PlainName.require("group", group),
            PlainName.require("member", member),
            link,
            new RedisLink(client, settings),
            settings,
            trim);
    reader.createGroup();
    opened.accept(reader);
    return reader;
  }
}
