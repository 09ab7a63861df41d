package io.honker.bridge;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How a bridge does, as this database has it on record.
 *
 * <p>Immutable.
 *
 * @param name its name
 * @param kind which way it carries what
 * @param local the local topic, target or channel
 * @param log the log at the broker; the channel, for a channel bridge
 * @param state what it is doing
 * @param detail why it is {@link BridgeState#RETRYING} or {@link BridgeState#BROKEN}: what failed,
 *     with both positions and the remedy; null otherwise
 * @param since when the state began
 * @param position for outbound bridges, the local offset up to which the broker has acknowledged
 *     everything; 0 for others
 * @param lag for outbound bridges, how many events wait, exact up to 10,000; 0 for others
 * @since 0.1.0
 */
public record BridgeStatus(
    String name,
    Kind kind,
    String local,
    String log,
    BridgeState state,
    @Nullable String detail,
    Instant since,
    long position,
    long lag) {

  /**
   * The kinds of bridges.
   *
   * @since 0.1.0
   */
  public enum Kind {
    /** From a local stream to a log at the broker. */
    OUTBOUND,
    /** From a log at the broker to a local stream, queue or handler. */
    INBOUND,
    /** Between a local channel and the broker's broadcast. */
    CHANNEL
  }

  /**
   * Checks that nothing is missing.
   *
   * @param name its name
   * @param kind which way it carries what
   * @param local the local end
   * @param log the remote end
   * @param state what it is doing
   * @param detail why, or null
   * @param since when the state began
   * @param position up to where the broker has everything
   * @param lag how many events wait
   */
  public BridgeStatus {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(local, "local");
    Objects.requireNonNull(log, "log");
    Objects.requireNonNull(state, "state");
    Objects.requireNonNull(since, "since");
  }

  /**
   * Returns why the bridge is where it is.
   *
   * @return the detail, empty if all is well
   */
  public Optional<String> findDetail() {
    return Optional.ofNullable(detail);
  }
}
