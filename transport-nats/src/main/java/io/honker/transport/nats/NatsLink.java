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
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The connection, which reconnects by itself but keeps nothing to be sent later: what is called
 * while it is down fails.
 *
 * <p>Safe for use by multiple threads.
 */
final class NatsLink implements AutoCloseable {

  private static final HonkerClock CLOCK = SystemClock.instance();
  private static final Duration RECONNECT_PAUSE = Duration.ofMillis(200);
  private static final Duration LEAST_PING = Duration.ofSeconds(1);
  private static final int REMEMBER_NOTHING = 0;

  /** How often one who waits looks whether the connection was lost. */
  private static final long SLICE_NANOS = 50_000_000;

  private final NatsSettings settings;
  private final NatsThreads threads;
  private final NatsListener listener;
  private final Connection connection;

  private NatsLink(
      NatsSettings settings, NatsThreads threads, NatsListener listener, Connection connection) {
    this.settings = settings;
    this.threads = threads;
    this.listener = listener;
    this.connection = connection;
  }

  /** Connects, or says what to change. */
  static NatsLink connect(NatsSettings settings) {
    NatsListener listener = new NatsListener();
    NatsThreads threads = new NatsThreads();
    try {
      Options options = threads.giveTo(options(settings, listener)).build();
      return new NatsLink(settings, threads, listener, Nats.connect(options));
    } catch (IOException | GeneralSecurityException e) {
      threads.close();
      throw NatsErrors.of("connecting", settings.where(), listener.reasonFor(e));
    } catch (InterruptedException e) {
      threads.close();
      Thread.currentThread().interrupt();
      throw new TransportException("interrupted while connecting", true, e);
    }
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
        throws IOException, JetStreamApiException, InterruptedException;
  }

  /** Asks and waits for the answer. An interrupted thread gets a retryable failure. */
  <T> T ask(String what, Question<T> question) {
    requireOpen();
    try {
      JetStreamOptions options =
          JetStreamOptions.builder().requestTimeout(settings.timeout()).build();
      return question.ask(connection, options);
    } catch (IOException | JetStreamApiException | IllegalStateException e) {
      requireOpen();
      if (NatsErrors.find(InterruptedException.class, e) != null) {
        Thread.currentThread().interrupt();
      }
      throw NatsErrors.of(what, settings.where(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw NatsErrors.of(what, settings.where(), e);
    }
  }

  /**
   * When something was sent.
   *
   * @param deadline when its answer is late
   * @param reconnections of the connection it was sent on
   */
  record Sending(long deadline, long reconnections) {}

  /** To be called before sending what is to be awaited. */
  Sending sending() {
    return new Sending(CLOCK.nanoTime() + settings.timeout().toNanos(), listener.reconnections());
  }

  long timeoutNanos() {
    return settings.timeout().toNanos();
  }

  TransportException failure(String what, Exception cause) {
    requireOpen();
    return NatsErrors.of(what, settings.where(), cause);
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
            throw failure(what, lost ? new IOException("connection lost", e) : e);
          }
        }
      }
    } catch (ExecutionException | CancellationException e) {
      throw failure(what, e);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** The connection, for what needs no answer. */
  Connection connection() {
    requireOpen();
    return connection;
  }

  /** How often it has been reconnected: what was on its way before is lost. */
  long reconnections() {
    return listener.reconnections();
  }

  private void requireOpen() {
    if (connection.getStatus() == Connection.Status.CLOSED) {
      throw new IllegalStateException("the transport is closed");
    }
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      threads.close();
    }
  }
}
