package io.honker.lab.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.honker.tck.QueueContract;
import io.honker.tck.StoreFixture;
import io.honker.tck.TransactionContract;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** The kit's own negative tests: stores that break a rule fail the tests of that rule. */
class BrokenStoreTest {

  static final class Sound extends QueueContract {
    @Override
    protected StoreFixture newStore() {
      return new LabFixture(Breaker.none());
    }
  }

  static final class LosesJobs extends QueueContract {
    @Override
    protected StoreFixture newStore() {
      return new LabFixture(Breaker.losesJobs());
    }
  }

  static final class DeliversTwice extends QueueContract {
    @Override
    protected StoreFixture newStore() {
      return new LabFixture(Breaker.deliversTwice());
    }
  }

  static final class IgnoresPriority extends QueueContract {
    @Override
    protected StoreFixture newStore() {
      return new LabFixture(Breaker.ignoresPriority());
    }
  }

  static final class IgnoresUniqueKeys extends QueueContract {
    @Override
    protected StoreFixture newStore() {
      return new LabFixture(Breaker.ignoresUniqueKeys());
    }
  }

  static final class WrapsExceptions extends TransactionContract {
    @Override
    protected StoreFixture newStore() {
      return new LabFixture(Breaker.wrapsExceptions());
    }
  }

  static final class LeaksAThread extends QueueContract {
    static final CountDownLatch STOP = new CountDownLatch(1);

    @Override
    protected StoreFixture newStore() {
      return new LabFixture(Breaker.leaksAThread(LeaksAThread::untilStopped));
    }

    private static void untilStopped() {
      try {
        STOP.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static final String[] QUEUE_TESTS = {
    "ack_removesTheJob",
    "claim_oneByOne_goesByPriority",
    "claim_ofSeveral_returnsThemByPriority",
    "claim_whileLeased_isNotGivenToAnother",
    "enqueueUnique_whileTheFirstIsWaiting_returnsItsId",
    "enqueueAll_ofMany_returnsIdsInTheOrderOfThePayloads"
  };

  @Test
  void soundStore_passes() {
    assertThat(KitRun.of(Sound.class, QUEUE_TESTS).failed()).isEmpty();
  }

  @Test
  void storeThatLosesJobs_isCaught() {
    assertThat(KitRun.of(LosesJobs.class, QUEUE_TESTS).failed())
        .contains("ack_removesTheJob", "claim_oneByOne_goesByPriority")
        .doesNotContain("enqueueAll_ofMany_returnsIdsInTheOrderOfThePayloads");
  }

  @Test
  void storeThatDeliversTwice_isCaught() {
    assertThat(KitRun.of(DeliversTwice.class, QUEUE_TESTS).failed())
        .contains("claim_whileLeased_isNotGivenToAnother", "claim_oneByOne_goesByPriority")
        .doesNotContain("enqueueUnique_whileTheFirstIsWaiting_returnsItsId");
  }

  @Test
  void storeThatIgnoresPriority_isCaught() {
    assertThat(KitRun.of(IgnoresPriority.class, QUEUE_TESTS).failed())
        .containsExactly("claim_ofSeveral_returnsThemByPriority");
  }

  @Test
  void storeThatIgnoresUniqueKeys_isCaught() {
    assertThat(KitRun.of(IgnoresUniqueKeys.class, QUEUE_TESTS).failed())
        .containsExactly("enqueueUnique_whileTheFirstIsWaiting_returnsItsId");
  }

  @Test
  void storeThatWrapsExceptions_isCaught() {
    assertThat(
            KitRun.of(
                    WrapsExceptions.class,
                    "inTransaction_whenWorkReturns_commits",
                    "inTransaction_whenWorkThrowsChecked_passesTheSameInstanceOn",
                    "inTransaction_whenWorkThrowsUnchecked_passesTheSameInstanceOn")
                .failed())
        .containsExactly(
            "inTransaction_whenWorkThrowsChecked_passesTheSameInstanceOn",
            "inTransaction_whenWorkThrowsUnchecked_passesTheSameInstanceOn");
  }

  @Test
  void storeThatLeavesAThreadBehind_isCaught() {
    String test = "ack_removesTheJob";
    System.setProperty("honker.tck.patience", "5"); // it is waited for a thread that does not end
    try {
      assertThat(KitRun.of(LeaksAThread.class, test).failureOf(test))
          .hasMessageContaining("honker-left-behind");
    } finally {
      System.clearProperty("honker.tck.patience");
      LeaksAThread.STOP.countDown();
    }
  }
}
