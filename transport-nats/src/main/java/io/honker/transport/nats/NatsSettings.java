package io.honker.transport.nats;

import io.honker.spi.OptionReader;
import io.honker.spi.PlainName;
import io.honker.transport.Transport;
import io.nats.client.AuthHandler;
import io.nats.client.NKey;
import io.nats.client.Nats;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * Checked settings. The servers' URIs come without credentials, because the client quotes them.
 *
 * @param servers URIs without credentials
 * @param login how to prove who we are
 * @param timeout of every call
 * @param trust what to trust instead of the platform's certificates, or null
 * @param prefix of streams and subjects
 * @param ackWait how long a member's unacknowledged events are left to it
 * @param retention how long events stay in a log, null to take what there is
 * @param replicas of logs that are created, null to take what there is
 */
record NatsSettings(
    List<String> servers,
    Login login,
    Duration timeout,
    @Nullable TrustManagerFactory trust,
    String prefix,
    Duration ackWait,
    @Nullable Duration retention,
    @Nullable Integer replicas) {

  private static final Duration SHORTEST = Duration.ofMillis(1);
  private static final Duration SHORTEST_RETENTION = Duration.ofMillis(100); // the server's
  private static final Duration ACK_WAIT = Duration.ofSeconds(30);

  /**
   * How to prove who we are; at most one of the three.
   *
   * @param user with the password, or null
   * @param password with the user, or null
   * @param token or null
   * @param key signs what the server sends, or null
   */
  record Login(
      @Nullable String user,
      @Nullable String password,
      @Nullable String token,
      @Nullable AuthHandler key) {

    @Override
    public String toString() {
      return "Login[hidden]";
    }
  }

  static NatsSettings parse(Transport.Settings settings) {
    OptionReader options = new OptionReader(settings.options());
    List<URI> uris = uris(settings, options);
    Login login = login(options, uris);
    Optional<TrustManagerFactory> trust = options.trust("caFile");
    if (trust.isPresent() && uris.stream().noneMatch(uri -> uri.getScheme().equals("tls"))) {
      options.problem("option caFile needs a tls:// URI");
    }
    String prefix = options.text("prefix").orElse("honker");
    if (!PlainName.is(prefix)) {
      options.problem("option prefix has letters, digits and - _ only");
    }
    Duration ackWait = options.duration("ackWait", SHORTEST).orElse(ACK_WAIT);
    Duration retention = options.duration("retention", SHORTEST_RETENTION).orElse(null);
    Integer replicas = options.number("replicas", 1).orElse(null);
    options.throwIfAny();
    return new NatsSettings(
        uris.stream().map(NatsSettings::withoutLogin).toList(),
        login,
        settings.timeout(),
        trust.orElse(null),
        prefix,
        ackWait,
        retention,
        replicas);
  }

  private static List<URI> uris(Transport.Settings settings, OptionReader options) {
    List<URI> uris = new ArrayList<>();
    for (String part : settings.uri().split(",")) {
      try {
        URI uri = new URI(part.strip());
        boolean known = "nats".equals(uri.getScheme()) || "tls".equals(uri.getScheme());
        if (known
            && uri.getHost() != null
            && uri.getRawPath().isEmpty()
            && uri.getQuery() == null) {
          uris.add(uri);
          continue;
        }
      } catch (URISyntaxException e) {
        // told below; what it says may quote the password
      }
      options.problem(
          "\""
              + settings.shownUri()
              + "\" is no URI such as nats://user:password@host:4222; percent-encode what is"
              + " special in the password, or give it as option password");
    }
    return uris;
  }

  private static String withoutLogin(URI uri) {
    return uri.getScheme() + "://" + uri.getHost() + (uri.getPort() < 0 ? "" : ":" + uri.getPort());
  }

  private static Login login(OptionReader options, List<URI> uris) {
    List<String> inUris =
        uris.stream().map(URI::getUserInfo).filter(info -> info != null).distinct().toList();
    Optional<String> user = options.text("user");
    Optional<String> password = options.text("password");
    Optional<String> token = options.text("token");
    Optional<AuthHandler> credentials =
        options.file("credentialsFile").flatMap(file -> creds(options, file));
    Optional<AuthHandler> nkey = options.file("nkeyFile").flatMap(file -> nkey(options, file));
    if (user.isPresent() != password.isPresent()) {
      options.problem("options user and password go together");
    }
    long ways =
        inUris.size()
            + Stream.of(user, token, credentials, nkey).filter(Optional::isPresent).count();
    if (ways > 1) {
      options.problem(
          "give one login only: in the URI, or by options user and password, token,"
              + " credentialsFile or nkeyFile");
    }
    if (!inUris.isEmpty()) {
      String[] parts = inUris.get(0).split(":", 2);
      return parts.length == 2
          ? new Login(parts[0], parts[1], null, null)
          : new Login(null, null, parts[0], null);
    }
    return new Login(
        user.orElse(null),
        password.orElse(null),
        token.orElse(null),
        credentials.or(() -> nkey).orElse(null));
  }

  /** Looked into now: later the client would tell it in its own words, and the file with them. */
  private static Optional<AuthHandler> creds(OptionReader options, Path file) {
    try {
      String text = Files.readString(file, StandardCharsets.US_ASCII);
      if (text.contains("USER JWT") && text.contains("USER NKEY SEED")) {
        return Optional.of(Nats.credentials(file.toString()));
      }
    } catch (IOException e) {
      // told below
    }
    options.problem("option credentialsFile must name a file with a user's JWT and key");
    return Optional.empty();
  }

  private static Optional<AuthHandler> nkey(OptionReader options, Path file) {
    try {
      char[] seed = Files.readString(file, StandardCharsets.US_ASCII).strip().toCharArray();
      NKey.fromSeed(seed).clear();
      return Optional.of(Nats.staticCredentials(null, seed.clone()));
    } catch (IOException | IllegalArgumentException e) {
      options.problem("option nkeyFile must name a file with the seed of a user's key");
      return Optional.empty();
    }
  }

  String stream(String log) {
    return prefix + "-" + log;
  }

  /** The stream of the sources' last offsets; no log's name has the sign, so none is called so. */
  String headsStream(String log) {
    return stream(log) + "=heads";
  }

  /** The first part of the subjects of the last offsets; each source's adds two tokens. */
  String headSubject(String log) {
    return prefix + ".head." + log;
  }

  /** The first part of the subjects of a log; each source's adds two tokens. */
  String logSubject(String log) {
    return prefix + ".log." + log;
  }

  String channelSubject(String channel) {
    return prefix + ".channel." + Tokens.encode(channel);
  }

  String where() {
    return String.join(",", servers);
  }
}
