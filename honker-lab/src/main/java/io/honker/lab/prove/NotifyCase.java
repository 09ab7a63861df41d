package io.honker.lab.prove;

import static io.honker.lab.prove.ProofFailedException.require;
import static io.honker.lab.prove.ProofFailedException.requireWithin;

import io.honker.Honker;
import io.honker.channel.Channel;
import io.honker.channel.ListenerHandle;
import io.honker.channel.MissedNotifications;
import io.honker.channel.Notification;
import io.honker.channel.NotificationHandler;
import io.honker.channel.PruneOptions;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/**
 * 10,000 notifications of four processes reach 20 listeners in order and without loss, whatever
 * happens to a fifth process that is killed while it sends; a listener that pruning overtakes says
 * what it missed.
 */
final class NotifyCase implements Case {

  private static final String CHANNEL = "prices";
  private static final int SENDERS = 4;
  private static final int EACH = 2_500;
  private static final int ENDLESS = Integer.MAX_VALUE;
  private static final int LISTENERS = 20;
  private static final int KEPT = 100;
  private static final Duration LIMIT = Duration.ofMinutes(5);

  @Override
  public int rounds(Settings settings) {
    return settings.number("rounds", 10);
  }

  @Override
  public void prove(Settings settings, Faults faults, Workspace workspace) throws Exception {
    for (int round = 1; round <= rounds(settings); round++) {
      new Round(faults, workspace, round).run();
      workspace.deleteNativeLibraries();
    }
  }

  /** Hears, slowly if told to. */
  private static final class Ear implements NotificationHandler<Integer> {
    final List<Long> heard = new CopyOnWriteArrayList<>();
    final List<MissedNotifications> missed = new CopyOnWriteArrayList<>();
    private final CountDownLatch mayGo;

    Ear(CountDownLatch mayGo) {
      this.mayGo = mayGo;
    }

    @Override
    public void handle(Notification<Integer> notification) throws InterruptedException {
      heard.add(notification.id());
      mayGo.await();
    }

    @Override
    public void missed(MissedNotifications what) {
      missed.add(what);
    }
  }

  private static final class Round {

    private final Faults faults;
    private final Workspace workspace;
    private final int round;
    private final Path file;
    private final CountDownLatch slowMayGo = new CountDownLatch(1);
    private final Ear slow = new Ear(slowMayGo);
    private final List<Ear> ears = new ArrayList<>();

    Round(Faults faults, Workspace workspace, int round) {
      this.faults = faults;
      this.workspace = workspace;
      this.round = round;
      this.file = workspace.file("notify-" + round + ".db");
    }

    void run() throws Exception {
      List<ListenerHandle> handles = new ArrayList<>();
      try (Honker honker = Honker.open(file)) {
        Channel<Integer> channel = honker.channel(CHANNEL, Integer.class);
        handles.add(channel.listen(slow));
        for (int i = 0; i < LISTENERS; i++) {
          Ear ear = new Ear(new CountDownLatch(0));
          ears.add(ear);
          handles.add(channel.listen(ear));
        }
        send();
        List<Long> sent = sent();
        checkHeard(sent);
        prune(honker, channel, sent);
      } finally {
        slowMayGo.countDown();
      }
      require(handles.stream().noneMatch(ListenerHandle::isRunning), () -> "a listener runs on");
    }

    private void send() throws Exception {
      List<ChildProcess> senders = new ArrayList<>();
      Random random = faults.random(round);
      try {
        for (int i = 1; i <= SENDERS + 1; i++) {
          senders.add(
              ChildProcess.role(
                  "sender-" + round + "-" + i,
                  workspace,
                  "notify",
                  file,
                  CHANNEL,
                  i <= SENDERS ? EACH : ENDLESS)); // the fifth lives until it is killed
        }
        ChildProcess doomed = senders.get(SENDERS);
        require(doomed.awaitLines(1 + random.nextInt(15)), () -> "the fifth sender ended");
        Waiting.pass(random.nextInt(5_000_000));
        require(doomed.kill(), () -> "the fifth sender ended by itself");
        faults.hit();
        for (ChildProcess sender : senders.subList(0, SENDERS)) {
          require(
              sender.lastLine(LIMIT).equals("done " + EACH),
              () -> sender.name() + " did not send all" + sender.complaint());
        }
      } finally {
        senders.forEach(ChildProcess::close);
      }
    }

    private List<Long> sent() throws SQLException {
      try (DatabaseFile database = new DatabaseFile(file)) {
        database.checkSound();
        return database.longs("SELECT id FROM _honker_notifications ORDER BY id");
      }
    }

    private void checkHeard(List<Long> sent) {
      require(sent.size() >= SENDERS * EACH, () -> "only " + sent.size() + " were sent");
      for (Ear ear : ears) {
        boolean all = Waiting.until(LIMIT, () -> ear.heard.size() >= sent.size());
        require(
            all && ear.heard.equals(sent),
            () -> "a listener heard " + ear.heard.size() + " of " + sent.size() + " or disorder");
        require(ear.missed.isEmpty(), () -> "a listener believes it missed " + ear.missed);
      }
    }

    private void prune(Honker honker, Channel<Integer> channel, List<Long> sent)
        throws SQLException {
      long pruned = honker.notifications().prune(PruneOptions.builder().keepLatest(KEPT).build());
      require(pruned == sent.size() - KEPT, () -> "pruned " + pruned + " of " + sent.size());
      long last = channel.notify(-1);
      slowMayGo.countDown();
      require(
          Waiting.until(LIMIT, () -> slow.heard.contains(last)),
          () -> "the slow listener did not get to the end");
      TreeSet<Long> unheard = new TreeSet<>(sent);
      slow.heard.forEach(unheard::remove);
      TreeSet<Long> told = new TreeSet<>();
      long atMost = 0;
      for (MissedNotifications missed : slow.missed) {
        told.addAll(new TreeSet<>(sent).subSet(missed.afterId(), false, missed.upToId(), true));
        atMost += missed.atMost();
      }
      require(!unheard.isEmpty(), () -> "the slow listener missed nothing; nothing is proved");
      requireWithin(unheard, told, "were missed and not told");
      long mostTold = atMost;
      require(
          mostTold >= unheard.size() && mostTold <= pruned,
          () -> "told of " + mostTold + ", missed " + unheard.size());
      faults.tell(
          "round "
              + round
              + ": "
              + sent.size()
              + " notifications reached "
              + LISTENERS
              + " listeners; the slow one missed "
              + unheard.size()
              + " and knows of "
              + mostTold);
    }
  }
}
