package io.honker.transport.redis;

import io.honker.transport.RemoteEvent;
import io.honker.transport.Source;
import io.lettuce.core.ScriptOutputType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Compare-and-append as one step of the server. The first line makes the server refuse the script
 * as a whole when it is out of memory. Offsets are compared as texts: the script's numbers would
 * lose digits.
 *
 * <p>With a retention it also removes what is older, cheaply: see {@link TrimScript}.
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

  private final RedisScript<String> script;
  private final String what;
  private final String[] keys;
  private final String retention;

  AppendScript(
      RedisLink link, String log, String stream, String sources, @Nullable Duration retention) {
    this.script = new RedisScript<>(link, SOURCE, ScriptOutputType.VALUE);
    this.what = "appending to log " + log;
    this.keys = new String[] {stream, sources};
    this.retention = retention == null ? "" : Long.toString(retention.toMillis());
  }

  /** The field of a source in the hash; origins have no slash. */
  static String field(Source source) {
    return source.origin() + "/" + source.topic();
  }

  /** Appends what follows the last offset and returns the last offset then. */
  String run(Source source, List<RemoteEvent> events) {
    return script.run(what, keys, arguments(source, events));
  }

  private String[] arguments(Source source, List<RemoteEvent> events) {
    List<String> all = new ArrayList<>(6 + 6 * events.size());
    all.add(field(source));
    all.add(source.origin());
    all.add(source.topic());
    all.add(Long.toString(events.get(0).previousOffset()));
    all.add(retention);
    all.add(Integer.toString(events.size()));
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
