package io.honker.lab.prove;

import io.honker.brokers.NatsServer;
import io.nats.client.Connection;
import io.nats.client.JetStreamManagement;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.nats.client.api.DiscardPolicy;
import io.nats.client.api.StreamConfiguration;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * NATS with JetStream on files, synced before each answer where the server can (2.10 and later;
 * older ones write before they answer, which outlives their own death). Whoever gives no name is
 * the application, whose rights are in a file of their own.
 */
final class NatsBroker extends Broker {

  private static final Pattern VERSION = Pattern.compile("v([0-9]+)\\.([0-9]+)");
  private static final String ALL = "permissions: { publish: \">\", subscribe: \">\" }";
  private static final String READ_ONLY =
      "permissions: { publish: { deny: \"honker.log.>\" }, subscribe: \">\" }";

  NatsBroker(String kind, Path folder) {
    super(
        kind,
        new NatsServer(folder)
            .withoutJetStream()
            .with("include \"rights.conf\"")
            .with("include \"store.conf\"")
            .with("no_auth_user: app"));
    rights(ALL);
    store("");
  }

  private void rights(String rights) {
    write(
        "rights.conf",
        "authorization { users: [ { user: app, password: app, "
            + rights
            + " }, { user: admin, password: admin } ] }\n");
  }

  private void store(String more) {
    String sync = syncs() ? ", sync_interval: always" : "";
    write("store.conf", "jetstream { store_dir: \"" + data() + "\"" + sync + more + " }\n");
  }

  private void write(String name, String text) {
    try {
      Files.writeString(folder().resolve(name), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean syncs() {
    String path = System.getenv("PATH") + ":/usr/sbin";
    try {
      Process process =
          new ProcessBuilder("env", "PATH=" + path, "sh", "-c", "nats-server --version")
              .redirectErrorStream(true)
              .start();
      try (BufferedReader lines =
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
        Matcher version = VERSION.matcher(String.valueOf(lines.readLine()));
        return version.find()
            && Integer.parseInt(version.group(1)) * 1000 + Integer.parseInt(version.group(2))
                >= 2010;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A question to the server. */
  private interface Question<T> {
    T ask(JetStreamManagement server) throws Exception;
  }

  @SuppressWarnings("try") // its close() may be interrupted
  private <T> T on(Question<T> question) throws Exception {
    Options options =
        new Options.Builder().server(uri()).userInfo("admin", "admin").maxReconnects(0).build();
    try (Connection connection = Nats.connect(options)) {
      return question.ask(connection.jetStreamManagement());
    }
  }

  private static String stream(String log) {
    return "honker-" + log;
  }

  @Override
  long entries(String log) throws Exception {
    return on(server -> server.getStreamInfo(stream(log)).getStreamState().getMsgCount());
  }

  @Override
  Path data() {
    return folder().resolve("data");
  }

  @Override
  List<Refusal> refusals() {
    return List.of(new Full(), new WithoutRights(), new WithoutRoom());
  }

  /** A limit of the stream, which refuses what is new. */
  private final class Full implements Refusal {

    @Override
    public String name() {
      return "the stream's max_msgs reached";
    }

    @Override
    public void begin(String log, int events) throws Exception {
      change(log, entries(log) + events, DiscardPolicy.New);
    }

    @Override
    public void end(String log) throws Exception {
      change(log, -1, DiscardPolicy.Old);
    }

    private void change(String log, long most, DiscardPolicy policy) throws Exception {
      on(
          server -> {
            StreamConfiguration now = server.getStreamInfo(stream(log)).getConfiguration();
            return server.updateStream(
                StreamConfiguration.builder(now).maxMessages(most).discardPolicy(policy).build());
          });
    }
  }

  private final class WithoutRights implements Refusal {

    @Override
    public String name() {
      return "the right to publish taken away";
    }

    @Override
    public void begin(String log, int events) {
      restartWith(READ_ONLY);
    }

    @Override
    public void end(String log) {
      restartWith(ALL);
    }

    private void restartWith(String rights) {
      kill();
      rights(rights);
      restart();
    }
  }

  /** The limit of the account's storage. */
  private final class WithoutRoom implements Refusal {

    @Override
    public String name() {
      return "max_file_store reached";
    }

    @Override
    public void begin(String log, int events) throws Exception {
      long used = on(server -> server.getAccountStatistics().getStorage());
      restartWith(String.format(Locale.ROOT, ", max_file_store: %d", used + 800L * events));
    }

    @Override
    public void end(String log) {
      restartWith("");
    }

    private void restartWith(String more) {
      kill();
      store(more);
      restart();
    }
  }
}
