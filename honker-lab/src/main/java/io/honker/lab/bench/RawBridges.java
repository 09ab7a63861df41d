package io.honker.lab.bench;

import io.honker.brokers.BrokerServer;
import io.lettuce.core.Consumer;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.XGroupCreateArgs;
import io.lettuce.core.XReadArgs;
import io.lettuce.core.XReadArgs.StreamOffset;
import io.lettuce.core.api.StatefulRedisConnection;
import io.nats.client.Connection;
import io.nats.client.ConsumerContext;
import io.nats.client.FetchConsumeOptions;
import io.nats.client.FetchConsumer;
import io.nats.client.JetStream;
import io.nats.client.Message;
import io.nats.client.Nats;
import io.nats.client.PublishOptions;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.PublishAck;
import io.nats.client.api.StorageType;
import io.nats.client.api.StreamConfiguration;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The bare clients doing a bridge's work on the same broker: one thread publishes in batches,
 * pipelined, and awaits all answers; another reads in batches and awaits what its acknowledgements
 * are answered. No database at either end.
 */
@SuppressWarnings("try") // closing may be interrupted
final class RawBridges {

  private static final int BATCH = 500;
  private static final String STREAM = "raw";
  private static final String GROUP = "group";
  private static final String JSON = Databases.Email.JSON;
  private static final Duration WAIT = Duration.ofSeconds(1);
  private static final int WARM_UP = 10_000;
  private static final int LATENCY_WARM_UP = 200;
  private static final long LIMIT_SECONDS = 60;

  private RawBridges() {}

  /** One end publishes, the other receives. */
  private interface Ends extends AutoCloseable {

    void publish(int events) throws Exception;

    /** Receives and acknowledges at least one, at most a batch. */
    int receive() throws Exception;

    @Override
    void close() throws Exception;
  }

  private static Ends ends(Brokers.Kind kind, BrokerServer server) throws Exception {
    String uri = Brokers.uri(kind, server);
    return kind == Brokers.Kind.REDIS ? new RedisEnds(uri) : new NatsEnds(uri);
  }

  static Figure rate(Brokers.Kind kind, Path folder, int events) throws Exception {
    try (BrokerServer server = Brokers.start(kind, folder);
        Ends ends = ends(kind, server)) {
      carry(ends, WARM_UP);
      long begun = System.nanoTime();
      carry(ends, events);
      return Figure.rate(events, System.nanoTime() - begun);
    }
  }

  private static void carry(Ends ends, int events) throws Exception {
    FutureTask<Boolean> publisher =
        inBackground(
            () -> {
              for (int i = 0; i < events; i += BATCH) {
                ends.publish(BATCH);
              }
              return true;
            });
    int received = 0;
    while (received < events) {
      received += ends.receive();
    }
    publisher.get();
  }

  private static <R> FutureTask<R> inBackground(Callable<R> call) {
    FutureTask<R> task = new FutureTask<>(call);
    Thread thread = new Thread(task, "publisher");
    thread.setDaemon(true);
    thread.start();
    return task;
  }

  /** From before publishing to after receiving, one event at a time, acknowledgement included. */
  static Figure latency(Brokers.Kind kind, Path folder, int events) throws Exception {
    try (BrokerServer server = Brokers.start(kind, folder);
        Ends ends = ends(kind, server)) {
      List<Long> nanos = new ArrayList<>();
      for (int i = 0; i < LATENCY_WARM_UP + events; i++) {
        FutureTask<Long> receiver =
            inBackground(
                () -> {
                  ends.receive();
                  return System.nanoTime();
                });
        LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(5_000_000, 15_000_000));
        long begun = System.nanoTime();
        ends.publish(1);
        long received = receiver.get();
        if (i >= LATENCY_WARM_UP) {
          nanos.add(received - begun);
        }
      }
      return Figure.latency(nanos);
    }
  }

  // ---- Lettuce

  private static final class RedisEnds implements Ends {

    private final RedisClient client;
    private final StatefulRedisConnection<String, String> out;
    private final StatefulRedisConnection<String, String> in;

    RedisEnds(String uri) {
      client = RedisClient.create(uri);
      out = client.connect();
      in = client.connect();
      in.sync()
          .xgroupCreate(
              StreamOffset.from(STREAM, "0-0"), GROUP, XGroupCreateArgs.Builder.mkstream(true));
      out.setAutoFlushCommands(false);
    }

    @Override
    public void publish(int events) throws Exception {
      List<RedisFuture<String>> answers = new ArrayList<>();
      for (int i = 0; i < events; i++) {
        answers.add(out.async().xadd(STREAM, "payload", JSON, "offset", Integer.toString(i)));
      }
      out.flushCommands();
      for (RedisFuture<String> answer : answers) {
        answer.get(LIMIT_SECONDS, TimeUnit.SECONDS);
      }
    }

    @Override
    @SuppressWarnings("unchecked") // an array of one offset
    public int receive() {
      List<StreamMessage<String, String>> messages = List.of();
      while (messages.isEmpty()) {
        messages =
            in.sync()
                .xreadgroup(
                    Consumer.from(GROUP, "one"),
                    XReadArgs.Builder.count(BATCH).block(WAIT),
                    StreamOffset.lastConsumed(STREAM));
      }
      in.sync()
          .xack(STREAM, GROUP, messages.stream().map(StreamMessage::getId).toArray(String[]::new));
      return messages.size();
    }

    @Override
    public void close() {
      client.shutdown();
    }
  }

  // ---- jnats

  private static final class NatsEnds implements Ends {

    private static final FetchConsumeOptions WHAT_IS_THERE =
        FetchConsumeOptions.builder().maxMessages(BATCH).noWaitExpiresIn(WAIT.toMillis()).build();

    private final Connection connection;
    private final JetStream stream;
    private final ConsumerContext consumer;
    private int published;

    NatsEnds(String uri) throws Exception {
      connection = Nats.connect(uri);
      connection
          .jetStreamManagement()
          .addStream(
              StreamConfiguration.builder()
                  .name(STREAM)
                  .subjects(STREAM)
                  .storageType(StorageType.File)
                  .build());
      stream = connection.jetStream();
      consumer =
          connection
              .getStreamContext(STREAM)
              .createOrUpdateConsumer(
                  ConsumerConfiguration.builder().durable(GROUP).maxAckPending(1_000).build());
    }

    @Override
    public void publish(int events) throws Exception {
      List<CompletableFuture<PublishAck>> answers = new ArrayList<>();
      byte[] payload = JSON.getBytes(StandardCharsets.UTF_8);
      for (int i = 0; i < events; i++) {
        published++;
        PublishOptions id = PublishOptions.builder().messageId(Integer.toString(published)).build();
        answers.add(stream.publishAsync(STREAM, payload, id));
      }
      for (CompletableFuture<PublishAck> answer : answers) {
        answer.get(LIMIT_SECONDS, TimeUnit.SECONDS);
      }
    }

    @Override
    public int receive() throws Exception {
      List<Message> messages = new ArrayList<>();
      while (messages.isEmpty()) {
        try (FetchConsumer some = consumer.fetch(WHAT_IS_THERE)) {
          for (Message next = some.nextMessage(); next != null; next = some.nextMessage()) {
            messages.add(next);
          }
        }
      }
      List<CompletableFuture<Message>> answers = new ArrayList<>();
      for (Message message : messages) {
        answers.add(
            connection.requestWithTimeout(
                message.getReplyTo(), "+ACK".getBytes(StandardCharsets.US_ASCII), WAIT));
      }
      for (CompletableFuture<Message> answer : answers) {
        answer.get(LIMIT_SECONDS, TimeUnit.SECONDS);
      }
      return messages.size();
    }

    @Override
    public void close() throws Exception {
      connection.close();
    }
  }
}
