package io.honker.tck;

import io.honker.transport.Broadcast;
import io.honker.transport.RemoteEvent;
import io.honker.transport.RemoteLog;
import io.honker.transport.RemoteReader;
import io.honker.transport.Source;
import io.honker.transport.Transport;
import io.honker.transport.TransportCapabilities;
import io.honker.transport.TransportException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** A transport whose logs' answers can be held back, as if this process alone had stalled. */
final class HeldTransport implements Transport {

  private record Hold(CountDownLatch reached, CountDownLatch over, AtomicBoolean lost) {}

  private final Transport transport;
  private volatile @Nullable Hold hold;

  HeldTransport(Transport transport) {
    this.transport = transport;
  }

  /** From now on nobody gets an answer. */
  Stalled hold() {
    Hold begun = new Hold(new CountDownLatch(1), new CountDownLatch(1), new AtomicBoolean());
    hold = begun;
    return new Stalled(this, begun);
  }

  /** What is held; closing lets go. */
  static final class Stalled implements AutoCloseable {
    private final HeldTransport of;
    private final Hold hold;

    private Stalled(HeldTransport of, Hold hold) {
      this.of = of;
      this.hold = hold;
    }

    /** Waits until somebody has got as far as the answer. */
    void awaitSomebody() {
      Eventually.awaitTrue(() -> "nobody asks", () -> hold.reached().getCount() == 0);
    }

    /** Whoever waits gets no answer but a failure in the end. */
    void loseAnswers() {
      hold.lost().set(true);
    }

    @Override
    public void close() {
      of.hold = null;
      hold.over().countDown();
    }
  }

  private <A> A answer(A answer) {
    Hold current = hold;
    if (current != null) {
      current.reached().countDown();
      try {
        boolean unused = current.over().await(Eventually.limit().toMillis(), TimeUnit.MILLISECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      if (current.lost().get()) {
        throw new TransportException("no answer in time", true, null);
      }
    }
    return answer;
  }

  @Override
  public String description() {
    return transport.description();
  }

  @Override
  public TransportCapabilities capabilities() {
    return transport.capabilities();
  }

  @Override
  public RemoteLog log(String name) {
    RemoteLog log = transport.log(name);
    return new RemoteLog() {
      @Override
      public String name() {
        return log.name();
      }

      @Override
      public long lastOffset(Source source) {
        return answer(log.lastOffset(source));
      }

      @Override
      public long append(Source source, List<RemoteEvent> events) {
        return answer(log.append(source, events));
      }

      @Override
      public RemoteReader reader(String group, String member) {
        return log.reader(group, member);
      }
    };
  }

  @Override
  public Broadcast broadcast() {
    return transport.broadcast();
  }

  @Override
  public void close() {
    transport.close();
  }
}
