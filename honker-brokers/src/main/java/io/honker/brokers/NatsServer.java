package io.honker.brokers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A NATS server, by default with JetStream on files. */
public final class NatsServer extends BrokerServer {

  private final String program = Programs.require("nats-server", "nats-server");
  private final List<String> settings = new ArrayList<>();
  private boolean jetStream = true;
  private boolean tls;

  /**
   * Describes a server; {@link #start} starts it.
   *
   * @param folder an empty folder
   */
  public NatsServer(Path folder) {
    super(folder, "Server is ready");
  }

  /**
   * Adds a line to its configuration.
   *
   * @param line as in its configuration file
   * @return this server
   */
  public NatsServer with(String line) {
    settings.add(line);
    return this;
  }

  /**
   * Takes JetStream away.
   *
   * @return this server
   */
  public NatsServer withoutJetStream() {
    jetStream = false;
    return this;
  }

  /**
   * Makes it take TLS connections only.
   *
   * @param certificates whose server certificate it shows
   * @return this server
   */
  public NatsServer tls(Certificates certificates) {
    tls = true;
    return with(
        "tls { cert_file: \""
            + certificates.certificate()
            + "\", key_file: \""
            + certificates.key()
            + "\", timeout: 10 }");
  }

  @Override
  List<String> command(int port) {
    List<String> lines = new ArrayList<>(List.of("listen: \"127.0.0.1:" + port + "\""));
    if (jetStream) {
      lines.add("jetstream { store_dir: \"" + folder().resolve("data") + "\" }");
    }
    lines.addAll(settings);
    Path file = folder().resolve("nats.conf");
    try {
      Files.write(file, lines);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return List.of(program, "-c", file.toString());
  }

  /**
   * Returns the URI to connect to.
   *
   * @param userInfo such as {@code user:password@}, or an empty text
   * @return a URI
   */
  public String uri(String userInfo) {
    return (tls ? "tls://" : "nats://") + userInfo + "localhost:" + port();
  }
}
