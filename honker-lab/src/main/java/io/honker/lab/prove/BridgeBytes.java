package io.honker.lab.prove;

import static io.honker.lab.prove.ProofFailedException.require;

import io.honker.lab.prove.ByteLane.Side;
import io.honker.lab.prove.FaultProxy.Way;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Cuts the connection of a bridge at every byte of a batch of three events with its
 * acknowledgements, each way, before the outbound bridge and before the inbound one. With {@code
 * --stride N} at every Nth byte.
 */
final class BridgeBytes implements Case {

  private static final int LANES = 8;
  private static final int MEASUREMENTS = 5;
  private static final int TRIES = 3;

  /** Of the offsets; the last ones are beyond the end of a batch that is a bit shorter. */
  private static final double MOST_NEVER = 0.05;

  private final String broker;

  BridgeBytes(String broker) {
    this.broker = broker;
  }

  @Override
  public int rounds(Settings settings) {
    return 1;
  }

  @Override
  public void prove(Settings settings, Faults faults, Workspace workspace) throws Exception {
    int stride = settings.number("stride", 1);
    List<ByteLane> lanes = new ArrayList<>();
    try (Broker server = Broker.start(broker, workspace)) {
      try {
        for (int i = 1; i <= LANES; i++) {
          lanes.add(new ByteLane(i, server, workspace));
        }
        for (Side side : Side.values()) {
          for (Way way : Way.values()) {
            new Walk(side, way, stride, lanes, faults).run();
          }
        }
        long events = 0;
        for (ByteLane lane : lanes) {
          events += lane.finish();
        }
        faults.tell(events + " events, each once in its log and its target");
      } finally {
        for (ByteLane lane : lanes) {
          lane.close();
        }
      }
    }
  }

  /** Each lane takes the next offset when it is done with one. */
  private static final class Walk {

    private final Side side;
    private final Way way;
    private final int stride;
    private final List<ByteLane> lanes;
    private final Faults faults;
    private final AtomicLong next = new AtomicLong();
    private final AtomicInteger struck = new AtomicInteger();
    private final AtomicInteger never = new AtomicInteger();
    private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    private long longest;

    Walk(Side side, Way way, int stride, List<ByteLane> lanes, Faults faults) {
      this.side = side;
      this.way = way;
      this.stride = stride;
      this.lanes = lanes;
      this.faults = faults;
    }

    void run() throws InterruptedException {
      longest = measure();
      long begun = System.nanoTime();
      List<Thread> threads = new ArrayList<>();
      for (ByteLane lane : lanes) {
        Thread thread = new Thread(() -> walk(lane), "walk");
        threads.add(thread);
        thread.start();
      }
      for (Thread thread : threads) {
        thread.join();
      }
      int offsets = struck.get() + never.get();
      faults.tell(
          String.format(
              Locale.ROOT,
              "%s, %s: cut at %d of the offsets 0 to %d, %s; %d never came; %.0f s",
              side,
              way,
              struck.get(),
              longest,
              stride == 1 ? "every one" : "every " + stride + "th",
              never.get(),
              (System.nanoTime() - begun) / 1e9));
      require(failures.isEmpty(), () -> side + ", " + way + ": " + failures.peek());
      require(
          never.get() <= Math.max(2, MOST_NEVER * offsets),
          () -> side + ", " + way + ": " + never.get() + " of " + offsets + " never came");
    }

    /** What is usual: now and then an end says more, for reasons of its own. */
    private long measure() {
      List<Long> bytes = new ArrayList<>();
      for (int i = 0; i < MEASUREMENTS; i++) {
        bytes.add(lanes.get(0).measure(side, way));
      }
      return bytes.stream().sorted().toList().get(MEASUREMENTS / 2);
    }

    private void walk(ByteLane lane) {
      try {
        for (long bytes = next.getAndAdd(stride);
            bytes <= longest && failures.isEmpty();
            bytes = next.getAndAdd(stride)) {
          cut(lane, bytes);
        }
      } catch (Exception e) {
        failures.add(e);
      }
    }

    private void cut(ByteLane lane, long bytes) throws InterruptedException {
      for (int i = 0; i < TRIES; i++) {
        if (lane.cut(side, way, bytes)) {
          struck.incrementAndGet();
          faults.hit();
          return;
        }
      }
      never.incrementAndGet();
    }
  }
}
