package io.honker.transport.nats;

import io.honker.transport.TransportException;
import io.nats.client.AuthenticationException;
import io.nats.client.JetStreamApiException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.security.GeneralSecurityException;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Makes the client's failures into ours: what went wrong, where, and what to change. */
final class NatsErrors {

  static final int NO_MESSAGE = 10037;
  static final int NO_CONSUMER = 10014;
  static final int NO_STREAM = 10059;
  static final int STREAM_IN_USE = 10058;
  static final int WRONG_LAST_ID = 10070;
  static final int WRONG_LAST_SEQUENCE = 10071;
  private static final int SUBJECTS_OVERLAP = 10065;

  /** Account limits, memory, storage, the stream's limits: somebody may make room. */
  private static final Set<Integer> NO_ROOM = Set.of(10002, 10023, 10028, 10047, 10077);

  /** No JetStream for the account, or at all; says 503 all the same. */
  private static final Set<Integer> DISABLED = Set.of(10035, 10039, 10076);

  private static final String NO_ANSWER =
      "no answer in time; if that stays, check that a NATS server listens there and that no firewall"
          + " drops what is sent, or raise the timeout";

  private static final int MAX_DEPTH = 20;
  private static final int UNAVAILABLE = 503;

  private NatsErrors() {}

  static TransportException of(String what, String where, Throwable failure) {
    @Nullable JetStreamApiException refusal = find(JetStreamApiException.class, failure);
    if (refusal != null) {
      return refused(what, where, refusal);
    }
    String text = what + " failed at " + where + ": ";
    if (find(AuthenticationException.class, failure) != null) {
      return login(text, failure);
    }
    if (find(UnknownHostException.class, failure) != null
        || find(UnresolvedAddressException.class, failure) != null) {
      return new TransportException(text + "unknown host; check the name", true, failure);
    }
    if (find(SSLException.class, failure) != null
        || find(GeneralSecurityException.class, failure) != null) {
      return new TransportException(
          text
              + "no TLS connection: "
              + deepest(failure)
              + "; check option caFile and the name in the certificate",
          false,
          failure);
    }
    if (says("SSL required by server", failure)) {
      return new TransportException(
          text + "it takes TLS connections only; use a tls:// URI", false, failure);
    }
    if (says("SSL connection wanted by client", failure)) {
      return new TransportException(
          text + "it takes no TLS connections; use a nats:// URI", false, failure);
    }
    if (find(ConnectException.class, failure) != null) {
      return new TransportException(
          text + "connection refused; check host and port, and whether it runs", true, failure);
    }
    if (find(TimeoutException.class, failure) != null) {
      return new TransportException(text + NO_ANSWER, true, failure);
    }
    return new TransportException(
        text + "no answer, or the connection was lost; check whether the server runs",
        true,
        failure);
  }

  static TransportException login(String text, @Nullable Throwable failure) {
    return new TransportException(
        text + "user, password, token or key are missing or wrong; correct the URI or the options",
        false,
        failure);
  }

  /** What the server does not allow, as it says; the text names the subject. */
  static TransportException forbidden(String what, String where, String text) {
    return new TransportException(
        what + " was refused by " + where + ": " + text + "; grant it to the user there",
        false,
        null);
  }

  private static TransportException refused(
      String what, String where, JetStreamApiException refusal) {
    String text = what + " was refused by " + where + ": " + refusal.getErrorDescription();
    if (refusal.getApiErrorCode() == SUBJECTS_OVERLAP) {
      return new TransportException(
          text + "; another stream has these subjects: choose another log or prefix",
          false,
          refusal);
    }
    if (DISABLED.contains(refusal.getApiErrorCode())) {
      return new TransportException(
          text + "; enable JetStream for the server and the user's account", false, refusal);
    }
    boolean noRoom = NO_ROOM.contains(refusal.getApiErrorCode());
    return new TransportException(
        text + (noRoom ? "; make room, or set option retention" : ""),
        noRoom || refusal.getErrorCode() == UNAVAILABLE,
        refusal);
  }

  static boolean is(int apiCode, Throwable failure) {
    @Nullable JetStreamApiException refusal = find(JetStreamApiException.class, failure);
    return refusal != null && refusal.getApiErrorCode() == apiCode;
  }

  private static boolean says(String text, Throwable failure) {
    Throwable look = failure;
    for (int depth = 0; look != null && depth < MAX_DEPTH; depth++) {
      if (String.valueOf(look.getMessage()).contains(text)) {
        return true;
      }
      look = look.getCause();
    }
    return false;
  }

  private static String deepest(Throwable failure) {
    Throwable look = failure;
    while (look.getCause() != null) {
      look = look.getCause();
    }
    return String.valueOf(look.getMessage());
  }

  static <T extends Throwable> @Nullable T find(Class<T> type, @Nullable Throwable failure) {
    Throwable look = failure;
    for (int depth = 0; look != null && depth < MAX_DEPTH; depth++) {
      if (type.isInstance(look)) {
        return type.cast(look);
      }
      look = look.getCause();
    }
    return null;
  }
}
