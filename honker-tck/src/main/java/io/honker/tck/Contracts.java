package io.honker.tck;

import java.util.List;

/**
 * The list of all contracts, so that a store can check that it runs each of them.
 *
 * @since 0.1.0
 */
public final class Contracts {

  private Contracts() {}

  /**
   * Returns every contract class of this kit.
   *
   * @return the abstract classes to extend
   */
  public static List<Class<?>> all() {
    return List.of(
        ChannelContract.class,
        ConcurrencyLimitContract.class,
        ConsumerGroupContract.class,
        DataSourceContract.class,
        JoinContract.class,
        LockContract.class,
        QueueAdminContract.class,
        QueueContract.class,
        RateLimitContract.class,
        ResultContract.class,
        SchedulerContract.class,
        SchedulerLoopContract.class,
        SchedulerTickContract.class,
        SchedulerYearContract.class,
        SharedTablesContract.class,
        StreamContract.class,
        SubscriptionContract.class,
        TaskContract.class,
        TransactionContract.class,
        TransactionalWorkerContract.class,
        WorkerContract.class,
        WriterContract.class);
  }
}
