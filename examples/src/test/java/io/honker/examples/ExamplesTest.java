package io.honker.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.honker.brokers.NatsServer;
import io.honker.brokers.RedisServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Runs every example as its reader would: in a process of its own. */
@Timeout(300)
class ExamplesTest {

  @TempDir private Path folder;

  @Test
  void quickstart_inATemporaryFolder_saysOk() throws Exception {
    assertThat(run(Quickstart.class))
        .contains(
            "order 1 and its job are written",
            "rolled back: the card was declined",
            "as promised: the rolled back order left no row",
            "as promised: the rolled back order left no job",
            "order 1 confirmed to alice@example.com",
            "as promised: the job is done and gone")
        .endsWith("quickstart: ok");
  }

  @Test
  void quickstart_onAFileThatItFilledBefore_saysOk() throws Exception {
    String file = folder.resolve("shop.db").toString();

    run(Quickstart.class, file);

    assertThat(run(Quickstart.class, file))
        .startsWith("opened " + file)
        .contains("order 2 confirmed to alice@example.com")
        .endsWith("quickstart: ok");
  }

  @Test
  void twoProcesses_withoutArguments_measureTheWayFromCommitToHandler() throws Exception {
    assertThat(run(TwoProcesses.class))
        .anyMatch(
            line ->
                line.matches(
                    "commit to handler in another process: p50 \\d+ us, p99 \\d+ us, 1000 jobs"))
        .endsWith("two processes: ok");
  }

  @Test
  void streams_goOnWhereTheyStopped() throws Exception {
    assertThat(run(Streams.class))
        .containsSubsequence(
            "mail about Payment[customer=alice, cents=500]",
            "mail about Payment[customer=bob, cents=700]",
            "mail about Payment[customer=alice, cents=250]",
            "alice has paid 750",
            "bob has paid 700")
        .endsWith("streams: ok");
  }

  @Test
  void notifyListen_deliversWhatCommits() throws Exception {
    assertThat(run(NotifyListen.class))
        .contains("screen: EUR 1.08", "screen: GBP 0.87", "printer: EUR 1.08", "printer: GBP 0.87")
        .noneMatch(line -> line.contains("nobody") || line.contains("JPY"))
        .endsWith("notify and listen: ok");
  }

  @Test
  void schedules_fireAndPause() throws Exception {
    assertThat(run(Schedules.class))
        .anyMatch(line -> line.matches("nightly will fire at .*T02:30\\+0[12]:00.*"))
        .contains("report: alive", "heartbeat enabled: false", "nightly enabled: true")
        .endsWith("schedules: ok");
  }

  @Test
  void locksAndLimits_letOneAfterTheOtherIn() throws Exception {
    assertThat(run(LocksAndLimits.class))
        .contains(
            "held with fencing token 1",
            "a second try gets it: false",
            "the next holder's token is 2",
            "mail 1: sent",
            "mail 2: sent")
        .anyMatch(line -> line.startsWith("mail 3: wait"))
        .endsWith("locks and limits: ok");
  }

  @Test
  void sharedFile_isUsedFromBothSides() throws Exception {
    assertThat(run(SharedFile.class))
        .contains(
            "called through SQL: COMPLETED 5",
            "called from Java: COMPLETED 42",
            "heard: new order",
            "stored: \"thank you\"")
        .endsWith("shared file: ok");
  }

  @Test
  void ordersHibernate_inATemporaryFolder_commitsEntityAndJobTogether() throws Exception {
    assertThat(run(OrdersHibernate.class))
        .contains(
            "persisted, with its job: order 1 of tea for 990 cents",
            "rolled back: the card was declined",
            "as promised: the rolled back order left no entity",
            "as promised: the rolled back order left no job",
            "order 1 mailed to alice@example.com",
            "as promised: the job is done and gone")
        .endsWith("orders with hibernate: ok");
  }

  @Test
  void ordersHibernate_onTheFileOfQuickstart_usesItsTable() throws Exception {
    String file = folder.resolve("shop.db").toString();

    run(Quickstart.class, file);

    assertThat(run(OrdersHibernate.class, file))
        .contains("order 2 mailed to alice@example.com")
        .endsWith("orders with hibernate: ok");
  }

  @Test
  void jakartaPersistence_joinsTheEntityManagersTransaction() throws Exception {
    assertThat(run(JakartaPersistence.class))
        .containsExactly(
            "Emma is lent to alice, with a reminder",
            "Persuasion is not lent, and there is no reminder",
            "jobs: 1",
            "dear alice, Emma",
            "Emma reminded: true, Persuasion lent: false",
            "jakarta persistence: ok");
  }

  @Test
  void bridgeRedis_carriesAnOrderToTheOtherMachine() throws Exception {
    try (RedisServer server = new RedisServer(Files.createDirectory(folder.resolve("server")))) {
      server.start();
      for (int i = 1; i <= 2; i++) { // the second time there is a log already
        assertThat(run(BridgeRedis.class, server.uri("")))
            .contains(
                "shop: ordered tea",
                "warehouse: bridge \"from example-orders\"",
                "warehouse: picking tea",
                "shop: events that wait: 0")
            .anyMatch(
                line -> line.startsWith("shop: bridge \"orders to example-orders\" over Redis"))
            .endsWith("bridge over redis: ok");
      }
    }
  }

  @Test
  void bridgeNats_addsUpOnTheOtherMachine() throws Exception {
    try (NatsServer server = new NatsServer(Files.createDirectory(folder.resolve("server")))) {
      server.start();
      assertThat(run(BridgeNats.class, server.uri("")))
          .contains("sensor: published 100 readings", "center: the sum is 5050")
          .anyMatch(line -> line.startsWith("sensor: bridge \"readings\" over NATS"))
          .endsWith("bridge over nats: ok");
    }
  }

  /** The lines that the program printed, if it ended well. */
  private List<String> run(Class<?> program, String... arguments)
      throws IOException, InterruptedException {
    Path out = Files.createTempFile(folder, "out", ".txt");
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElse("java"));
    command.add("-Djava.io.tmpdir=" + folder);
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(program.getName());
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(out.toFile())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try {
      assertThat(process.waitFor(300, TimeUnit.SECONDS)).as("ended in time").isTrue();
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
    List<String> lines = Files.readAllLines(out);
    assertThat(process.exitValue()).as("exit of %s after %s", program, lines).isZero();
    return lines;
  }
}
