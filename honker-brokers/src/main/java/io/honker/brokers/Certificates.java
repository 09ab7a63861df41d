package io.honker.brokers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A certificate authority and a server's certificate, made by openssl when a test needs them. */
public final class Certificates {

  private final Path folder;
  private final String openssl = Programs.require("openssl", "openssl");

  /**
   * Makes them.
   *
   * @param folder where the files go
   * @param names the server's names as openssl wants them, such as {@code DNS:localhost}
   */
  public Certificates(Path folder, String names) {
    this.folder = folder;
    try {
      Files.createDirectories(folder);
      Files.writeString(folder.resolve("names.txt"), "subjectAltName=" + names + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    String newKey = "req -newkey rsa:2048 -nodes -keyout ";
    run(newKey + "ca.key -x509 -days 2 -subj /CN=honker-test-authority -out ca.pem");
    run(newKey + "server.key -subj /CN=honker-test-server -out server.csr");
    run(
        "x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2"
            + " -extfile names.txt -out server.pem");
  }

  private void run(String arguments) {
    List<String> command = new ArrayList<>(List.of(openssl));
    command.addAll(List.of(arguments.split(" ")));
    try {
      Process process =
          new ProcessBuilder(command)
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .redirectOutput(folder.resolve("openssl.log").toFile())
              .start();
      if (process.waitFor() != 0) {
        throw new IllegalStateException(
            "openssl failed: " + Files.readString(folder.resolve("openssl.log")));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while certificates are made", e);
    }
  }

  /**
   * Returns the authority's certificate, for those who connect.
   *
   * @return a PEM file
   */
  public Path authority() {
    return folder.resolve("ca.pem");
  }

  /**
   * Returns the server's certificate.
   *
   * @return a PEM file
   */
  public Path certificate() {
    return folder.resolve("server.pem");
  }

  /**
   * Returns the server's private key.
   *
   * @return a PEM file
   */
  public Path key() {
    return folder.resolve("server.key");
  }
}
