/**
 * The contract of every store: one flat abstract class per port, one test per behaviour, each
 * naming the rule of {@code docs/spec.md} that it checks.
 *
 * <p>A store proves itself with one short {@link io.honker.tck.StoreFixture} and one subclass per
 * contract; {@link io.honker.tck.Contracts} lists them:
 *
 * <pre>{@code
 * class SqliteQueueContractTest extends QueueContract {
 *   @Override
 *   protected StoreFixture newStore() {
 *     return new SqliteFixture();
 *   }
 * }
 * }</pre>
 *
 * <p>Time is the kit's: every store is opened on a {@link io.honker.tck.ManualClock}, so leases and
 * delays pass by {@link io.honker.tck.StoreFixture#advance} and no test sleeps. What a store cannot
 * do is said by its {@link io.honker.tck.Capabilities}; nothing else skips a test.
 */
@NullMarked
package io.honker.tck;

import org.jspecify.annotations.NullMarked;
