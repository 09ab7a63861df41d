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

/** Creates streams and consumers, and compares those that are there with what they should be. */
final class NatsSetup {

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

  private StreamConfiguration stream() {
    return StreamConfiguration.builder()
        .name(settings.stream(log))
        .subjects(settings.logSubject(log) + ".*.*")
        .storageType(StorageType.File)
        .retentionPolicy(RetentionPolicy.Limits)
        .maxAge(settings.retention())
        .duplicateWindow(window())
        .replicas(settings.replicas() == null ? 1 : settings.replicas())
        .build();
  }

  /** The server wants the window no longer than the retention. */
  private Duration window() {
    boolean shorter =
        !settings.retention().isZero() && settings.retention().compareTo(DUPLICATE_WINDOW) < 0;
    return shorter ? settings.retention() : DUPLICATE_WINDOW;
  }

  /** Creates the stream unless it is there, set up as it should be. */
  boolean ensureStream(JetStreamManagement server) throws IOException, JetStreamApiException {
    StreamConfiguration wanted = stream();
    StreamConfiguration found = findStream(server, wanted.getName());
    if (found == null) {
      try {
        found = server.addStream(wanted).getConfiguration();
      } catch (JetStreamApiException e) {
        found =
            e.getApiErrorCode() == NatsErrors.STREAM_IN_USE
                ? findStream(server, wanted.getName()) // somebody was first
                : null;
        if (found == null) {
          throw e;
        }
      }
    }
    requireSame("log " + log + " (stream " + wanted.getName() + ")", differences(wanted, found));
    return true;
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
    compare(all, "maximum of messages per subject", -1L, found.getMaxMsgsPerSubject());
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

  /** Creates the group's consumer unless it is there, set up as it should be. */
  boolean ensureConsumer(JetStreamManagement server, String group)
      throws IOException, JetStreamApiException {
    ConsumerConfiguration wanted = consumer(group);
    String stream = settings.stream(log);
    ConsumerConfiguration found;
    try {
      found = server.getConsumerInfo(stream, group).getConsumerConfiguration();
    } catch (JetStreamApiException e) {
      if (e.getApiErrorCode() != NatsErrors.NO_CONSUMER) {
        throw e;
      }
      found = server.addOrUpdateConsumer(stream, wanted).getConsumerConfiguration();
    }
    requireSame("group " + group + " of log " + log, differences(wanted, found));
    return true;
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
