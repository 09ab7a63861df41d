package io.honker.transport.redis;

import io.lettuce.core.ScriptOutputType;
import java.time.Duration;

/**
 * Removes what is older than the retention, by the server's clock. Appending does so too, but
 * leaves a rest, because the server removes whole nodes of about a hundred entries most cheaply;
 * this also takes the rest, so that a quiet log becomes empty. It may run when the server is out of
 * memory.
 */
final class TrimScript {

  private static final String SOURCE =
      """
      #!lua flags=allow-oom
      local now = redis.call('TIME')
      local oldest = now[1] * 1000 + math.floor(now[2] / 1000) - tonumber(ARGV[1])
      local id = string.format('%.0f', math.max(oldest, 0))
      if redis.call('XTRIM', KEYS[1], 'MINID', '~', id) == 0 then
        redis.call('XTRIM', KEYS[1], 'MINID', '=', id)
      end
      return 0
      """;

  private final RedisScript<Long> script;
  private final String what;
  private final String[] keys;
  private final String retention;

  TrimScript(RedisLink link, String log, String stream, Duration retention) {
    this.script = new RedisScript<>(link, SOURCE, ScriptOutputType.INTEGER);
    this.what = "removing old events of log " + log;
    this.keys = new String[] {stream};
    this.retention = Long.toString(retention.toMillis());
  }

  void run() {
    Long unused = script.run(what, keys, retention);
  }
}
