package io.honker.lab.prove;

import io.honker.brokers.BrokerServer;
import io.honker.transport.Transport;
import io.honker.transport.TransportException;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.List;

/**
 * A real server that confirms nothing before it is on the disk, and what its own client says about
 * it. Ends with this process.
 */
abstract class Broker implements AutoCloseable {

  static final String REDIS = "redis";
  static final String NATS = "nats";

  private static final Duration TIMEOUT = Duration.ofSeconds(3);
  private static final Duration REDELIVERY = Duration.ofSeconds(2);
  private static final Duration LIMIT = Duration.ofMinutes(5);
  private static final long RETRY_NANOS = 100_000_000;

  private final String kind;
  private final BrokerServer server;

  Broker(String kind, BrokerServer server) {
    this.kind = kind;
    this.server = server;
  }

  /** Starts one in a folder of its own. */
  static Broker start(String kind, Workspace workspace) {
    try {
      Path folder = Files.createTempDirectory(workspace.folder(), kind + "-");
      Broker broker =
          kind.equals(REDIS) ? new RedisBroker(kind, folder) : new NatsBroker(kind, folder);
      broker.restart();
      return broker;
    } catch (IOException e) {
      throw new ProofFailedException("no folder for " + kind + ": " + e.getMessage());
    }
  }

  String kind() {
    return kind;
  }

  Path folder() {
    return server.folder();
  }

  int port() {
    return server.port();
  }

  String uri() {
    return uri(port());
  }

  /** For those who connect through a proxy. */
  String uri(int port) {
    return kind + "://127.0.0.1:" + port;
  }

  // ---- connections

  /**
   * Opens a transport that gives up and redelivers soon, and tries until the broker can be reached.
   */
  static Transport connect(String uri) {
    return patiently(
        () ->
            Transport.builder(uri)
                .timeout(TIMEOUT)
                .option(uri.startsWith(REDIS) ? "claimIdle" : "ackWait", REDELIVERY.toString())
                .open());
  }

  /** Something that needs the broker. */
  interface Start<T> {
    T start();
  }

  /** Tries again while the broker cannot be reached. */
  static <T> T patiently(Start<T> start) {
    long begun = System.nanoTime();
    while (true) {
      try {
        return start.start();
      } catch (TransportException e) {
        if (!e.isRetryable() || System.nanoTime() - begun > LIMIT.toNanos()) {
          throw e;
        }
        Waiting.pass(RETRY_NANOS);
      }
    }
  }

  /** How many entries a log has. */
  abstract long entries(String log) throws Exception;

  // ---- its life

  /** Ends it with SIGKILL. */
  void kill() {
    server.kill();
  }

  void restart() {
    server.start();
  }

  /** Where its data is, relative to its folder. */
  abstract Path data();

  /** Forgets everything, as a broker without persistence does when it dies. It must be dead. */
  void forgetAll() throws IOException {
    delete(data());
  }

  /** Keeps its data for later. It must be dead. */
  void save(Path copy) throws IOException {
    delete(copy);
    copy(data(), copy);
  }

  /**
   * Puts its data back to what was saved, as after a loss of its newest writes. It must be dead.
   */
  void putBack(Path copy) throws IOException {
    delete(data());
    copy(copy, data());
  }

  private static void copy(Path from, Path to) throws IOException {
    List<Path> files;
    try (var all = Files.walk(from)) {
      files = all.toList();
    }
    for (Path file : files) {
      Files.copy(file, to.resolve(from.relativize(file).toString()));
    }
  }

  private static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path each, IOException failure)
              throws IOException {
            Files.delete(each);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  // ---- refusals

  /** A reason for which the broker refuses events for a while. */
  interface Refusal {

    String name();

    /** Begins to refuse, now or when some more events have come. */
    void begin(String log, int events) throws Exception;

    void end(String log) throws Exception;
  }

  abstract List<Refusal> refusals();

  @Override
  public void close() {
    server.close();
  }
}
