package io.honker.brokers;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A Redis server that confirms nothing before it is on the disk. */
public final class RedisServer extends BrokerServer {

  private final String program = Programs.require("redis-server", "redis-server");
  private final List<String> settings = new ArrayList<>();
  private boolean tls;

  /**
   * Describes a server; {@link #start} starts it.
   *
   * @param folder an empty folder
   */
  public RedisServer(Path folder) {
    super(folder, "Ready to accept connections");
  }

  /**
   * Adds a setting.
   *
   * @param name as in its configuration file
   * @param values its value, word by word
   * @return this server
   */
  public RedisServer with(String name, String... values) {
    settings.add("--" + name);
    settings.addAll(List.of(values));
    return this;
  }

  /**
   * Makes it take TLS connections only.
   *
   * @param certificates whose server certificate it shows
   * @return this server
   */
  public RedisServer tls(Certificates certificates) {
    tls = true;
    return with("tls-cert-file", certificates.certificate().toString())
        .with("tls-key-file", certificates.key().toString())
        .with("tls-ca-cert-file", certificates.authority().toString())
        .with("tls-auth-clients", "no");
  }

  @Override
  List<String> command(int port) {
    List<String> command = new ArrayList<>(List.of(program));
    command.addAll(List.of("--port", tls ? "0" : Integer.toString(port)));
    if (tls) {
      command.addAll(List.of("--tls-port", Integer.toString(port)));
    }
    command.addAll(List.of("--bind", "127.0.0.1", "--dir", folder().toString(), "--save", ""));
    command.addAll(List.of("--appendonly", "yes", "--appendfsync", "always"));
    command.addAll(settings);
    return command;
  }

  /**
   * Returns the URI to connect to.
   *
   * @param userInfo such as {@code user:password@}, or an empty text
   * @return a URI
   */
  public String uri(String userInfo) {
    return (tls ? "rediss://" : "redis://") + userInfo + "localhost:" + port();
  }
}
