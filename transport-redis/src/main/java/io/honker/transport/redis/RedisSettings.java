package io.honker.transport.redis;

import io.honker.spi.OptionReader;
import io.honker.spi.PlainName;
import io.honker.transport.Transport;
import io.lettuce.core.RedisURI;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * Checked settings.
 *
 * @param uri with credentials; hides them in its {@code toString}
 * @param where the server for messages
 * @param timeout of every call
 * @param trust what to trust instead of the platform's certificates, or null
 * @param prefix of keys and channels
 * @param claimIdle how long a member's unacknowledged events are left to it
 * @param retention how long events stay in a log, null for ever
 */
record RedisSettings(
    RedisURI uri,
    String where,
    Duration timeout,
    @Nullable TrustManagerFactory trust,
    String prefix,
    Duration claimIdle,
    @Nullable Duration retention) {

  /** What is left of a bad port or password would be part of the host. */
  private static final Pattern HOST =
      Pattern.compile("[\\w.-]+|\\[?[0-9A-Fa-f]*:[0-9A-Fa-f]*:[0-9A-Fa-f:.]*(%\\w+)?]?");

  private static final Duration SHORTEST = Duration.ofMillis(1);
  private static final Duration CLAIM_IDLE = Duration.ofMinutes(1);

  static RedisSettings parse(Transport.Settings settings) {
    OptionReader options = new OptionReader(settings.options());
    RedisURI uri = uri(settings, options);
    Optional<String> user = options.text("user");
    Optional<String> password = options.text("password");
    if (password.isPresent()) {
      uri.setAuthentication(user.orElse("default"), password.get());
    } else if (user.isPresent()) {
      options.problem("option user needs option password");
    }
    Optional<TrustManagerFactory> trust = options.trust("caFile");
    if (trust.isPresent() && !uri.isSsl()) {
      options.problem("option caFile needs a rediss:// URI");
    }
    String prefix = options.text("prefix").orElse("honker");
    if (!PlainName.is(prefix)) {
      options.problem("option prefix has letters, digits and - _ only");
    }
    Duration claimIdle = options.duration("claimIdle", SHORTEST).orElse(CLAIM_IDLE);
    Duration retention = options.duration("retention", SHORTEST).orElse(null);
    options.throwIfAny();
    String where = (uri.isSsl() ? "rediss://" : "redis://") + uri.getHost() + ":" + uri.getPort();
    return new RedisSettings(
        uri, where, settings.timeout(), trust.orElse(null), prefix, claimIdle, retention);
  }

  /** The client's own complaints may quote the URI, so they are not passed on. */
  private static RedisURI uri(Transport.Settings settings, OptionReader options) {
    try {
      RedisURI uri = RedisURI.create(settings.uri());
      if (uri.getHost() != null && HOST.matcher(uri.getHost()).matches()) {
        uri.setTimeout(settings.timeout());
        return uri;
      }
    } catch (IllegalArgumentException e) {
      // told below
    }
    options.problem(
        "\""
            + settings.shownUri()
            + "\" is no URI such as redis://user:password@host:6379/0; percent-encode what is"
            + " special in the password, or give it as option password");
    return new RedisURI("none", 1, settings.timeout());
  }

  /** The stream of a log. The braces keep its keys together. */
  String streamKey(String log) {
    return prefix + ":{" + log + "}";
  }

  /** The hash of a log's last offsets by source. */
  String sourcesKey(String log) {
    return prefix + ":{" + log + "}:sources";
  }

  String channel(String name) {
    return prefix + ":channel:" + name;
  }
}
