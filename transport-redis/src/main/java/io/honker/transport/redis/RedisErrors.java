package io.honker.transport.redis;

import io.honker.transport.TransportException;
import io.lettuce.core.RedisCommandExecutionException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Makes the client's failures into ours: what went wrong, where, and what to change. */
final class RedisErrors {

  /** Refusals that pass by themselves, by the first word of the answer. */
  private static final Map<String, String> PASSING =
      Map.of(
          "LOADING", "it is still reading its data",
          "BUSY", "it runs somebody's long script",
          "MASTERDOWN", "its master is gone",
          "READONLY", "it is a replica; connect to the master",
          "NOREPLICAS", "too few replicas are connected (min-replicas-to-write)",
          "MISCONF", "it cannot write its data to the disk; look at its log",
          "UNBLOCKED", "the log was deleted, or the server became a replica",
          "NOGROUP", "the log's group or the log was deleted; the group is made anew",
          "OOM", "it is out of memory; raise maxmemory, or set option retention");

  private static final String NO_ANSWER =
      "no answer in time; if that stays, check that a Redis listens there and that no firewall drops"
          + " what is sent, or raise the timeout";

  private static final Map<String, String> LASTING =
      Map.of(
          "NOAUTH", "it wants a password; put it into the URI or set option password",
          "WRONGPASS", "the user or the password is wrong; correct the URI or the options",
          "NOPERM", "its user may not do that; grant commands, keys and channels (ACL SETUSER)",
          "WRONGTYPE", "a key is used for something else; choose another log or prefix",
          "MOVED", "it is part of a Redis Cluster, which is not supported",
          "CROSSSLOT", "it is part of a Redis Cluster, which is not supported",
          "CLUSTERDOWN", "it is part of a Redis Cluster, which is not supported");

  private static final Set<String> SAYS_PASSWORD_WITHOUT_CODE =
      Set.of("ERR invalid password", "ERR AUTH");

  /** Another connection may reach another server, or log in anew. */
  private static final Set<String> OF_THE_CONNECTION =
      Set.of("READONLY", "MASTERDOWN", "UNBLOCKED", "NOAUTH");

  private static final String NO_CLIENTS = "ERR max number of clients reached";

  private RedisErrors() {}

  /** Whether the same may be answered otherwise through another connection. */
  static boolean isOfTheConnection(RedisCommandExecutionException refusal) {
    return OF_THE_CONNECTION.contains(code(refusal));
  }

  private static String code(RedisCommandExecutionException refusal) {
    return String.valueOf(refusal.getMessage()).replaceAll("(?s)[ ,].*", "");
  }

  static TransportException of(String what, String where, Throwable failure) {
    @Nullable RedisCommandExecutionException refusal =
        find(RedisCommandExecutionException.class, failure);
    if (refusal != null) {
      return refused(what, where, refusal);
    }
    String text = what + " failed at " + where + ": ";
    if (find(UnknownHostException.class, failure) != null) {
      return new TransportException(text + "unknown host; check the name", true, failure);
    }
    if (find(SSLException.class, failure) != null) {
      return new TransportException(
          text
              + "no TLS connection: "
              + reason(find(SSLException.class, failure))
              + "; check option caFile, the name in the certificate, and whether it is a TLS port",
          false,
          failure);
    }
    if (find(ConnectException.class, failure) != null) {
      return new TransportException(
          text + "connection refused; check host and port, and whether it runs", true, failure);
    }
    if (find(TimeoutException.class, failure) != null
        || find(io.lettuce.core.RedisCommandTimeoutException.class, failure) != null) {
      return new TransportException(text + NO_ANSWER, true, failure);
    }
    return new TransportException(
        text
            + "the connection was lost; if it never works, compare redis:// and rediss://, and check"
            + " that a Redis listens there",
        true,
        failure);
  }

  private static TransportException refused(
      String what, String where, RedisCommandExecutionException refusal) {
    String answer = String.valueOf(refusal.getMessage());
    String code = code(refusal);
    String text = what + " was refused by " + where + ": ";
    if (PASSING.containsKey(code)) {
      return new TransportException(text + PASSING.get(code), true, refusal);
    }
    if (LASTING.containsKey(code)) {
      String asSaid = code.equals("NOPERM") ? " (" + answer + ")" : ""; // names what is missing
      return new TransportException(text + LASTING.get(code) + asSaid, false, refusal);
    }
    if (answer.startsWith(NO_CLIENTS)) {
      return new TransportException(
          text + "too many clients are connected; raise maxclients there", true, refusal);
    }
    if (SAYS_PASSWORD_WITHOUT_CODE.stream().anyMatch(answer::startsWith)) {
      return new TransportException(text + LASTING.get("WRONGPASS"), false, refusal);
    }
    return new TransportException(text + answer, false, refusal);
  }

  private static String reason(@Nullable Throwable failure) {
    Throwable deepest = failure;
    while (deepest != null && deepest.getCause() != null) {
      deepest = deepest.getCause();
    }
    return deepest == null ? "unknown" : String.valueOf(deepest.getMessage());
  }

  static <T extends Throwable> @Nullable T find(Class<T> type, @Nullable Throwable failure) {
    Throwable look = failure;
    for (int depth = 0; look != null && depth < 20; depth++) {
      if (type.isInstance(look)) {
        return type.cast(look);
      }
      look = look.getCause();
    }
    return null;
  }
}
