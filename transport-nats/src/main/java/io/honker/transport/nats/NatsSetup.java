package io.honker.transport.nats;

import io.honker.transport.TransportException;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.api.AckPolicy;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.DeliverPolicy;
import io.nats.client.api.RetentionPolicy;
import io.nats.client.api.StorageType;
import io.nats.client.api.StreamConfiguration;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Creates streams and consumers, and compares those that are there with what they should be. */
final class NatsSetup {

  private static final Logger LOG = LoggerFactory.getLogger("io.honker.transport.nats");

  /** How long the server recognises an event that is sent twice; its own default. */
  private static final Duration DUPLICATE_WINDOW = Duration.ofMinutes(2);

  private static final long MAX_ACK_PENDING = 1_000;

  private final NatsSettings settings;
  private final String log;

  NatsSetup(NatsSettings settings, String log) {
    this.settings = settings;
    this.log = log;
  }

  // ---- streams

  /**
   * What the log's stream should be.
   *
   * @param retention how long messages stay, zero for ever
   */
  private StreamConfiguration stream(Duration retention) {
    return named(settings.stream(log), settings.logSubject(log))
        .maxAge(retention)
        .duplicateWindow(window(retention))
        .build();
  }

  /** What the stream of last offsets should be: of each subject it keeps the last message. */
  private StreamConfiguration heads() {
    return named(settings.headsStream(log), settings.headSubject(log))
        .maxMessagesPerSubject(1)
        .duplicateWindow(DUPLICATE_WINDOW)
        .build();
  }

  private StreamConfiguration.Builder named(String name, String subject) {
    return StreamConfiguration.builder()
        .name(name)
        .subjects(subject + ".*.*")
        .storageType(StorageType.File)
        .retentionPolicy(RetentionPolicy.Limits)
        .replicas(settings.replicas() == null ? 1 : settings.replicas());
  }

  /** The server wants the window no longer than the retention. */
  private static Duration window(Duration retention) {
    boolean shorter = !retention.isZero() && retention.compareTo(DUPLICATE_WINDOW) < 0;
    return shorter ? retention : DUPLICATE_WINDOW;
  }

  /** What has to be done before a stream that kept everything begins to forget. */
  interface BeforeForgetting {
    void run() throws IOException, JetStreamApiException;
  }

  /**
   * Creates the stream unless it is there, set up as it should be; another retention is taken over.
   * If it forgets, the stream of last offsets is there too.
   *
   * @return whether the log forgets
   */
  boolean ensureStream(JetStreamManagement server, BeforeForgetting first)
      throws IOException, JetStreamApiException {
    Duration asked = settings.retention();
    StreamConfiguration found = ensure(server, stream(asked == null ? Duration.ZERO : asked));
    Duration present = found.getMaxAge();
    Duration retention = asked == null ? present : asked;
    requireSame(
        "log " + log + " (stream " + found.getName() + ")", differences(stream(present), found));
    if (!retention.isZero()) {
      ensureHeads(server);
    }
    if (!retention.equals(present)) {
      if (present.isZero()) {
        first.run();
      }
      LOG.info("the retention of log {} is {} from now on, was {}", log, retention, present);
      server.updateStream(
          StreamConfiguration.builder(found)
              .maxAge(retention)
              .duplicateWindow(window(retention))
              .build());
    }
    return !retention.isZero();
  }

  private void ensureHeads(JetStreamManagement server) throws IOException, JetStreamApiException {
    StreamConfiguration found = ensure(server, heads());
    requireSame(
        "the last offsets of log " + log + " (stream " + found.getName() + ")",
        differences(heads(), found));
  }

  /** Whether the log forgets, as the server says now; what is gone is made anew. */
  boolean forgets(JetStreamManagement server, BeforeForgetting first)
      throws IOException, JetStreamApiException {
    StreamConfiguration found = findStream(server, settings.stream(log));
    if (found == null) {
      LOG.warn("log {} is gone from {} and is made anew", log, settings.where());
      return ensureStream(server, first);
    }
    if (found.getMaxAge().isZero()) {
      return false;
    }
    ensureHeads(server);
    return true;
  }

  private static StreamConfiguration ensure(JetStreamManagement server, StreamConfiguration wanted)
      throws IOException, JetStreamApiException {
    StreamConfiguration found = findStream(server, wanted.getName());
    if (found != null) {
      return found;
    }
    try {
      return server.addStream(wanted).getConfiguration();
    } catch (JetStreamApiException e) {
      StreamConfiguration other =
          e.getApiErrorCode() == NatsErrors.STREAM_IN_USE
              ? findStream(server, wanted.getName()) // somebody was first
              : null;
      if (other == null) {
        throw e;
      }
      return other;
    }
  }

  private static @Nullable StreamConfiguration findStream(JetStreamManagement server, String name)
      throws IOException, JetStreamApiException {
    try {
      return server.getStreamInfo(name).getConfiguration();
    } catch (JetStreamApiException e) {
      if (e.getApiErrorCode() == NatsErrors.NO_STREAM) {
        return null;
      }
      throw e;
    }
  }

  private List<String> differences(StreamConfiguration wanted, StreamConfiguration found) {
    List<String> all = new ArrayList<>();
    compare(all, "subjects", wanted.getSubjects(), found.getSubjects());
    compare(all, "storage", wanted.getStorageType(), found.getStorageType());
    compare(all, "retention policy", wanted.getRetentionPolicy(), found.getRetentionPolicy());
    compare(all, "maximum age", wanted.getMaxAge(), found.getMaxAge());
    compare(all, "maximum of messages", -1L, found.getMaxMsgs());
    compare(
        all,
        "maximum of messages per subject",
        wanted.getMaxMsgsPerSubject(),
        found.getMaxMsgsPerSubject());
    compare(all, "maximum of bytes", -1L, found.getMaxBytes());
    compare(all, "no acknowledgements", false, found.getNoAck());
    compare(all, "sealed", false, found.getSealed());
    compare(all, "duplicate window", wanted.getDuplicateWindow(), found.getDuplicateWindow());
    if (settings.replicas() != null) {
      compare(all, "replicas", wanted.getReplicas(), found.getReplicas());
    }
    return all;
  }

  // ---- consumers

  private ConsumerConfiguration consumer(String group) {
    return ConsumerConfiguration.builder()
        .durable(group)
        .ackPolicy(AckPolicy.Explicit)
        .deliverPolicy(DeliverPolicy.All)
        .ackWait(settings.ackWait())
        .maxDeliver(-1)
        .maxAckPending(MAX_ACK_PENDING)
        .build();
  }

  /** Creates what is missing below a consumer. */
  interface Ground {
    boolean create() throws IOException, JetStreamApiException;
  }

  /**
   * Creates the group's consumer unless it is there, set up as it should be.
   *
   * @return whether it was created
   */
  boolean ensureConsumer(JetStreamManagement server, String group, Ground ground)
      throws IOException, JetStreamApiException {
    ConsumerConfiguration wanted = consumer(group);
    String stream = settings.stream(log);
    ConsumerConfiguration found = findConsumer(server, stream, group);
    boolean missing = found == null;
    if (found == null) {
      boolean unused = ground.create();
      found = server.addOrUpdateConsumer(stream, wanted).getConsumerConfiguration();
    }
    requireSame("group " + group + " of log " + log, differences(wanted, found));
    return missing;
  }

  private static @Nullable ConsumerConfiguration findConsumer(
      JetStreamManagement server, String stream, String group)
      throws IOException, JetStreamApiException {
    try {
      return server.getConsumerInfo(stream, group).getConsumerConfiguration();
    } catch (JetStreamApiException e) {
      if (e.getApiErrorCode() == NatsErrors.NO_CONSUMER
          || e.getApiErrorCode() == NatsErrors.NO_STREAM) {
        return null;
      }
      throw e;
    }
  }

  private static List<String> differences(
      ConsumerConfiguration wanted, ConsumerConfiguration found) {
    List<String> all = new ArrayList<>();
    compare(all, "acknowledgements", wanted.getAckPolicy(), found.getAckPolicy());
    compare(all, "start", wanted.getDeliverPolicy(), found.getDeliverPolicy());
    compare(all, "ackWait", wanted.getAckWait(), found.getAckWait());
    compare(all, "maximum of deliveries", -1L, found.getMaxDeliver());
    compare(all, "maximum of pending", wanted.getMaxAckPending(), found.getMaxAckPending());
    compare(all, "delivery subject", null, found.getDeliverSubject());
    compare(all, "filter", null, found.getFilterSubject());
    return all;
  }

  // ---- both

  private static void compare(
      List<String> differences, String name, @Nullable Object wanted, @Nullable Object found) {
    if (!Objects.equals(wanted, found)) {
      differences.add(name + " is " + found + ", must be " + wanted);
    }
  }

  private void requireSame(String what, List<String> differences) {
    if (!differences.isEmpty()) {
      throw new TransportException(
          what
              + " at "
              + settings.where()
              + " is set up differently: "
              + String.join("; ", differences)
              + "; change it there, correct the options, or choose another name",
          false,
          null);
    }
  }
}
