package io.honker.transport.redis;

import io.honker.transport.TransportException;
import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.ScriptOutputType;

/**
 * A script that the server is asked to run by its digest; it is sent only to servers that do not
 * know it, or have forgotten it.
 *
 * @param <T> what it returns, according to the output type
 */
final class RedisScript<T> {

  private final RedisLink link;
  private final String source;
  private final ScriptOutputType output;

  RedisScript(RedisLink link, String source, ScriptOutputType output) {
    this.link = link;
    this.source = source;
    this.output = output;
  }

  T run(String what, String[] keys, String... arguments) {
    try {
      return link.<T>call(
          what, redis -> redis.evalsha(redis.digest(source), output, keys, arguments));
    } catch (TransportException e) {
      if (!(e.getCause() instanceof RedisNoScriptException)) {
        throw e;
      }
      return link.<T>call(what, redis -> redis.eval(source, output, keys, arguments));
    }
  }
}
