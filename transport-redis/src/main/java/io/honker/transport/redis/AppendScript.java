package io.honker.transport.redis;

import io.honker.transport.RemoteEvent;
import io.honker.transport.Source;
import io.honker.transport.TransportException;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.async.RedisAsyncCommands;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Compare-and-append as one step of the server. The first line makes the server refuse the script
 * as a whole when it is out of memory. Offsets are compared as texts: the script's numbers would
 * lose digits.
 */
final class AppendScript {

  private static final String NO_KEY = "-";
  private static final String KEY = "+";

  /**
   * Keys: the stream, the hash of last offsets. Arguments: the source's field, its origin and
   * topic, the last offset before the first event, milliseconds of retention or an empty text, how
   * many events; then for each its offset, the one before it, whether it has a key, the key, the
   * payload and its time.
   */
  private static final String SOURCE =
      """
      #!lua
      local head, width = 6, 6
      local last = redis.call('HGET', KEYS[2], ARGV[1]) or '0'
      local count = tonumber(ARGV[6])
      local first = count + 1
      if last == ARGV[4] then
        first = 1
      else
        for i = 1, count - 1 do
          if ARGV[head + (i - 1) * width + 1] == last then
            first = i + 1
            break
          end
        end
      end
      if first > count then
        return last
      end
      for i = first, count do
        local a = head + (i - 1) * width
        if ARGV[a + 3] == '+' then
          redis.call('XADD', KEYS[1], '*', 'origin', ARGV[2], 'topic', ARGV[3],
            'offset', ARGV[a + 1], 'previous', ARGV[a + 2], 'at', ARGV[a + 6],
            'payload', ARGV[a + 5], 'key', ARGV[a + 4])
        else
          redis.call('XADD', KEYS[1], '*', 'origin', ARGV[2], 'topic', ARGV[3],
            'offset', ARGV[a + 1], 'previous', ARGV[a + 2], 'at', ARGV[a + 6],
            'payload', ARGV[a + 5])
        end
        last = ARGV[a + 1]
      end
      redis.call('HSET', KEYS[2], ARGV[1], last)
      if ARGV[5] ~= '' then
        local now = redis.call('TIME')
        local oldest = now[1] * 1000 + math.floor(now[2] / 1000) - tonumber(ARGV[5])
        redis.call('XTRIM', KEYS[1], 'MINID', '~', string.format('%.0f', math.max(oldest, 0)))
      end
      return last
      """;

  private final RedisLink link;
  private final String what;
  private final String[] keys;
  private final String retention;

  AppendScript(
      RedisLink link, String log, String stream, String sources, @Nullable Duration retention) {
    this.link = link;
    this.what = "appending to log " + log;
    this.keys = new String[] {stream, sources};
    this.retention = retention == null ? "" : Long.toString(retention.toMillis());
  }

  /** The field of a source in the hash; origins have no slash. */
  static String field(Source source) {
    return source.origin() + "/" + source.topic();
  }

  /** Appends what follows the last offset and returns the last offset then. */
  long run(Source source, List<RemoteEvent> events) {
    String[] arguments = arguments(source, events);
    String last;
    try {
      last = link.call(what, bySha(arguments));
    } catch (TransportException e) {
      if (!(e.getCause() instanceof RedisNoScriptException)) {
        throw e;
      }
      last = link.call(what, bySource(arguments)); // the server keeps it then
    }
    return Long.parseLong(last);
  }

  private Function<RedisAsyncCommands<String, String>, RedisFuture<String>> bySha(
      String[] arguments) {
    return redis -> redis.evalsha(redis.digest(SOURCE), ScriptOutputType.VALUE, keys, arguments);
  }

  private Function<RedisAsyncCommands<String, String>, RedisFuture<String>> bySource(
      String[] arguments) {
    return redis -> redis.eval(SOURCE, ScriptOutputType.VALUE, keys, arguments);
  }

  private String[] arguments(Source source, List<RemoteEvent> events) {
    List<String> all = new ArrayList<>(6 + 6 * events.size());
    all.add(field(source));
    all.add(source.origin());
    all.add(source.topic());
    all.add(Long.toString(events.get(0).previousOffset()));
    all.add(retention);
    all.add(String.format(Locale.ROOT, "%d", events.size()));
    for (RemoteEvent event : events) {
      String key = event.key();
      all.add(Long.toString(event.offset()));
      all.add(Long.toString(event.previousOffset()));
      all.add(key == null ? NO_KEY : KEY);
      all.add(key == null ? "" : key);
      all.add(event.payload());
      all.add(event.publishedAt().toString());
    }
    return all.toArray(String[]::new);
  }
}
