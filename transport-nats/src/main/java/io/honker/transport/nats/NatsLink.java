package io.honker.transport.nats;

import io.honker.time.HonkerClock;
import io.honker.time.SystemClock;
import io.honker.transport.TransportException;
import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamOptions;
import io.nats.client.Nats;
import io.nats.client.Options;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connection, which reconnects by itself but keeps nothing to be sent later: what is called
 * while it is down fails. The client gives up for good when the server has refused the login twice;
 * then a new connection takes its place as soon as the server lets one in.
 *
 * <p>Safe for use by multiple threads.
 */
final class NatsLink implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger("io.honker.transport.nats");
  private static final HonkerClock CLOCK = SystemClock.instance();
  private static final Duration RECONNECT_PAUSE = Duration.ofMillis(200);
  private static final Duration REPLACE_PAUSE = Duration.ofSeconds(1);
  private static final Duration LEAST_PING = Duration.ofSeconds(1);
  private static final int REMEMBER_NOTHING = 0;

  /** How often one who waits looks whether the connection was lost. */
  private static final long SLICE_NANOS = 50_000_000;

  private static final long JOIN_MILLIS = 5_000;

  private final NatsSettings settings;
  private final NatsListener listener;
  private final JetStreamOptions jetStream;
  private final List<Runnable> replaced = new CopyOnWriteArrayList<>();
  private final ReentrantLock lock = new ReentrantLock();
  private volatile Session session;
  private volatile boolean closed;
  private @Nullable Thread replacing; // guarded by lock

  /** One connection and its threads: the client ends some of them with the connection. */
  private record Session(NatsThreads threads, Connection connection) {
    boolean isOver() {
      return connection.getStatus() == Connection.Status.CLOSED;
    }

    void close() throws InterruptedException {
      try {
        connection.close();
      } finally {
        threads.close();
      }
    }
  }

  private NatsLink(NatsSettings settings, NatsListener listener, Session session) {
    this.settings = settings;
    this.listener = listener;
    this.jetStream = JetStreamOptions.builder().requestTimeout(settings.timeout()).build();
    this.session = session;
  }

  /** Connects, or says what to change. */
  static NatsLink connect(NatsSettings settings) {
    NatsListener listener = new NatsListener(settings.servers().size() == 1);
    NatsLink link = new NatsLink(settings, listener, open(settings, listener));
    listener.whenOver(link::replace);
    return link;
  }

  private static Session open(NatsSettings settings, NatsListener listener) {
    NatsThreads threads = new NatsThreads();
    try {
      Options options = threads.giveTo(options(settings, listener)).build();
      Session opened = new Session(threads, Nats.connect(options));
      if (opened.isOver()) {
        throw new IOException("closed while connecting");
      }
      return opened;
    } catch (IOException | GeneralSecurityException e) {
      threads.close();
      throw NatsErrors.of("connecting", settings.where(), listener.reasonFor(e));
    } catch (InterruptedException e) {
      threads.close();
      Thread.currentThread().interrupt();
      throw new TransportException("interrupted while connecting", true, e);
    }
  }

  /** Is called on a thread of the new connection's predecessor, or of ours. */
  void whenReplaced(Runnable action) {
    replaced.add(action);
  }

  /** The client has closed the connection by itself. */
  private void replace() {
    lock.lock();
    try {
      if (!closed && replacing == null && session.isOver()) {
        Thread thread = new Thread(this::replaceUntilItWorks, "honker-nats-replace");
        thread.setDaemon(true);
        replacing = thread;
        thread.start();
      }
    } finally {
      lock.unlock();
    }
  }

  private void replaceUntilItWorks() {
    LOG.warn("the client has given up on {}; a new connection is tried", settings.where());
    session.threads().close();
    while (!closed && !Thread.currentThread().isInterrupted()) {
      try {
        if (takeOver(open(settings, listener))) {
          return;
        }
      } catch (TransportException e) {
        LOG.debug("a new connection to {} failed", settings.where(), e);
      }
      CLOCK.parkUntil(CLOCK.now().plus(REPLACE_PAUSE));
    }
  }

  private boolean takeOver(Session next) {
    lock.lock();
    try {
      if (!closed) {
        session = next;
        replacing = null;
        listener.replaced();
        LOG.info("{} is connected again", settings.where());
      }
    } finally {
      lock.unlock();
    }
    if (closed) {
      end(next);
    } else {
      replaced.forEach(Runnable::run);
      replace(); // unless it is over already, which nobody would tell
    }
    return true;
  }

  private static Options.Builder options(NatsSettings settings, NatsListener listener)
      throws GeneralSecurityException {
    Duration ping = settings.timeout().compareTo(LEAST_PING) > 0 ? settings.timeout() : LEAST_PING;
    Options.Builder options =
        new Options.Builder()
            .servers(settings.servers().toArray(String[]::new))
            .connectionName("honker-nats")
            .hostnameResolveMode(
                Options.HostnameResolveMode
                    .HappyEyeballs) // the name is compared with the certificate
            .connectionTimeout(settings.timeout())
            .socketWriteTimeout(settings.timeout().plusMillis(200)) // above the connection timeout
            .pingInterval(ping)
            .maxReconnects(-1)
            .reconnectWait(RECONNECT_PAUSE)
            .reconnectBufferSize(REMEMBER_NOTHING)
            .errorListener(listener)
            .connectionListener(listener);
    if (settings.servers().stream().anyMatch(server -> server.startsWith("tls:"))) {
      options.sslContext(NameCheckingTrust.context(settings.trust()));
    }
    NatsSettings.Login login = settings.login();
    if (login.user() != null && login.password() != null) {
      options.userInfo(login.user().toCharArray(), login.password().toCharArray());
    } else if (login.token() != null) {
      options.token(login.token().toCharArray());
    } else if (login.key() != null) {
      options.authHandler(login.key());
    }
    return options;
  }

  /** A question to the server. */
  interface Question<T> {
    T ask(Connection connection, JetStreamOptions options)
        throws IOException, JetStreamApiException, InterruptedException, TimeoutException;
  }

  /** Asks and waits for the answer. An interrupted thread gets a retryable failure. */
  <T> T ask(String what, Question<T> question) {
    requireOpen();
    long refusals = listener.refusals();
    try {
      return question.ask(session.connection(), jetStream);
    } catch (IOException | JetStreamApiException | TimeoutException | IllegalStateException e) {
      if (NatsErrors.find(InterruptedException.class, e) != null) {
        Thread.currentThread().interrupt();
      }
      throw failure(what, e, refusals);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw NatsErrors.of(what, settings.where(), e);
    }
  }

  /** Waits for the server to have read what was sent so far. */
  void flush(String what) {
    long refusals = listener.refusals();
    boolean unused =
        ask(
            what,
            (connection, options) -> {
              connection.flush(settings.timeout());
              return session.threads().awaitCallbacks(settings.timeout());
            });
    listener.refusalSince(refusals).ifPresent(text -> refuse(what, text));
  }

  private void refuse(String what, String text) {
    throw NatsErrors.forbidden(what, settings.where(), text);
  }

  /**
   * When something was sent.
   *
   * @param deadline when its answer is late
   * @param reconnections of the connection it was sent on
   * @param refusals that the server had told before
   */
  record Sending(long deadline, long reconnections, long refusals) {}

  /** To be called before sending what is to be awaited. */
  Sending sending() {
    return new Sending(
        CLOCK.nanoTime() + settings.timeout().toNanos(),
        listener.reconnections(),
        listener.refusals());
  }

  long timeoutNanos() {
    return settings.timeout().toNanos();
  }

  TransportException failure(String what, Exception cause) {
    return failure(what, cause, listener.refusals());
  }

  /** What went wrong; the server tells apart from the answer what it does not allow. */
  private TransportException failure(String what, Exception cause, long refusals) {
    requireOpen();
    if (session.isOver()) {
      return NatsErrors.of(what, settings.where(), listener.reasonFor(new IOException(cause)));
    }
    boolean answered = NatsErrors.find(JetStreamApiException.class, cause) != null;
    return (answered ? Optional.<String>empty() : listener.refusalSince(refusals))
        .map(text -> NatsErrors.forbidden(what, settings.where(), text))
        .orElseGet(() -> NatsErrors.of(what, settings.where(), cause));
  }

  /** Waits for an answer, interrupted or not, as long as the connection that it was sent on. */
  <T> T await(String what, CompletableFuture<T> answer, Sending sent) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          long left = sent.deadline() - CLOCK.nanoTime();
          return answer.get(Math.max(0, Math.min(left, SLICE_NANOS)), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
          interrupted = true;
        } catch (TimeoutException e) {
          boolean lost = sent.reconnections() != listener.reconnections();
          if (lost || sent.deadline() - CLOCK.nanoTime() <= 0) {
            Exception cause = lost ? new IOException("connection lost", e) : e;
            throw failure(what, cause, sent.refusals());
          }
        }
      }
    } catch (ExecutionException | CancellationException e) {
      throw failure(what, e, sent.refusals());
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /**
   * Requires that all that was sent since then went the same way. What the client tells about its
   * connection comes on another thread, so that is waited for.
   */
  void requireSameConnection(String what, Sending sent) {
    boolean unused =
        ask(what, (connection, options) -> session.threads().awaitCallbacks(settings.timeout()));
    if (sent.reconnections() != listener.reconnections()) {
      throw failure(what, new IOException("connection lost"), sent.refusals());
    }
  }

  /** The connection, for what needs no answer. */
  Connection connection() {
    requireOpen();
    return session.connection();
  }

  /** How often it has been reconnected: what was on its way before is lost. */
  long reconnections() {
    return listener.reconnections();
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the transport is closed; close bridges first");
    }
  }

  @Override
  public void close() {
    Thread waitFor;
    lock.lock();
    try {
      closed = true;
      waitFor = replacing;
    } finally {
      lock.unlock();
    }
    boolean interrupted = Thread.interrupted(); // nothing may be left behind
    try {
      if (waitFor != null) {
        waitFor.interrupt();
        waitFor.join(JOIN_MILLIS);
      }
    } catch (InterruptedException e) {
      interrupted = true;
    }
    interrupted |= end(session);
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Ends a connection and its threads; true if interrupted meanwhile. */
  private static boolean end(Session over) {
    try {
      over.close();
      return Thread.interrupted();
    } catch (InterruptedException e) {
      return true;
    }
  }
}
