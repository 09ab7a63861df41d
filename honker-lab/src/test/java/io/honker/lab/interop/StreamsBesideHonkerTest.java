package io.honker.lab.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.honker.Honker;
import io.honker.channel.Channel;
import io.honker.channel.Listener;
import io.honker.channel.Notification;
import io.honker.channel.PruneOptions;
import io.honker.queue.AwaitedResult;
import io.honker.queue.JobQueue;
import io.honker.queue.Worker;
import io.honker.stream.EventStream;
import io.honker.stream.StreamConsumer;
import io.honker.stream.StreamEvent;
import io.honker.stream.StreamPosition;
import io.honker.stream.StreamReader;
import io.honker.stream.Subscription;
import io.honker.stream.TrimOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Streams, channels and results of the real honker and of this library on one file, and all of it
 * at once (rules F-5, S-1 to S-7, Q-11). Real time passes here, because honker knows no other.
 */
class StreamsBesideHonkerTest {

  private static final Duration SOON = Duration.ofSeconds(90);
  private static final String PUBLISH = "SELECT honker_stream_publish(?,?,?)";

  @TempDir private Path folder;
  private @Nullable HonkerProcess process;
  private @Nullable Honker honker;

  @BeforeEach
  void openBoth() throws IOException {
    process = HonkerProcess.on(folder.resolve("app.db"));
    honker = Honker.open(folder.resolve("app.db"));
  }

  @AfterEach
  void closeBoth() throws Exception {
    if (honker != null) {
      honker.close();
    }
    if (process != null) {
      process.close();
    }
  }

  private Honker ours() {
    return Objects.requireNonNull(honker);
  }

  private @Nullable Object theirs(String sql, @Nullable Object... parameters) throws IOException {
    return Objects.requireNonNull(process).call(sql, parameters);
  }

  private EventStream<Integer> numbers() {
    return ours().stream("numbers", Integer.class);
  }

  // ---- streams

  @Test
  void events_ofBothSides_standInOneOrder() throws IOException {
    long first = numbers().publish("a", 1);
    Object second = theirs(PUBLISH, "numbers", "b", "2");
    long third = numbers().publish(3);

    assertThat(second).isEqualTo(Math.toIntExact(first + 1));
    assertThat(third).isEqualTo(first + 2);
    assertThat(numbers().read(0, 10))
        .extracting(StreamEvent::key, StreamEvent::payload)
        .containsExactly(tuple("a", 1), tuple("b", 2), tuple(null, 3));
    assertThat(
            String.valueOf(theirs("SELECT honker_stream_read_since(?,?,?)", "numbers", first, 10)))
        .contains("\"offset\":" + (first + 1))
        .contains("\"offset\":" + third)
        .doesNotContain("\"offset\":" + first + ",");
  }

  @Test
  void reader_isWokenByHonkersPublish() throws Exception {
    try (StreamReader<Integer> reader = numbers().reader(StreamPosition.end())) {
      Future<List<Integer>> read =
          inBackground(
              () -> {
                List<Integer> payloads = new ArrayList<>();
                while (payloads.size() < 3) {
                  reader.next(10, SOON).forEach(event -> payloads.add(event.payload()));
                }
                return payloads;
              });
      for (int i = 1; i <= 3; i++) {
        theirs(PUBLISH, "numbers", null, Integer.toString(i));
      }
      assertThat(read.get()).containsExactly(1, 2, 3);
    }
  }

  @Test
  void savedOffset_isSharedAndNeverGoesBack() throws Exception {
    long last = 0;
    for (int i = 1; i <= 5; i++) {
      last = numbers().publish(i);
    }
    theirs("SELECT honker_stream_save_offset(?,?,?)", "billing", "numbers", last - 2);
    List<Integer> seen = new CopyOnWriteArrayList<>();

    try (Subscription subscription =
        numbers().subscribe("billing", event -> seen.add(event.payload())).start()) {
      await().atMost(SOON).until(() -> seen.size() == 2 && subscription.isRunning());
    }

    assertThat(seen).containsExactly(4, 5);
    assertThat(theirs("SELECT honker_stream_get_offset(?,?)", "billing", "numbers"))
        .isEqualTo(Math.toIntExact(last));
    assertThat(theirs("SELECT honker_stream_save_offset(?,?,?)", "billing", "numbers", 1))
        .isEqualTo(0);
    assertThat(numbers().savedOffset("billing")).hasValue(last);
  }

  @Test
  void trim_sparesWhatAConsumerOfHonkerHasNotRead() throws IOException {
    long second = numbers().publishAll(List.of(1, 2, 3, 4)).get(1);
    theirs("SELECT honker_stream_save_offset(?,?,?)", "slow", "numbers", second);

    assertThat(numbers().trim(TrimOptions.builder().keepLatest(0).build())).isEqualTo(2);

    assertThat(numbers().consumers()).extracting(StreamConsumer::name).containsExactly("slow");
    assertThat(numbers().lag("slow")).isEqualTo(2);
  }

  // ---- channels

  @Test
  void notifications_ofBothSides_areHeardInOrder() throws Exception {
    Channel<String> prices = ours().channel("prices", String.class);
    try (Listener<String> listener = prices.listen()) {
      theirs("SELECT notify(?,?)", "prices", "\"one\"");
      prices.notify("two");
      theirs("SELECT notify(?,?)", "other", "\"not for us\"");
      theirs("SELECT notify(?,?)", "prices", "\"three\"");

      assertThat(listener.next(SOON).map(Notification::payload)).hasValue("one");
      assertThat(listener.next(SOON).map(Notification::payload)).hasValue("two");
      assertThat(listener.next(SOON).map(Notification::payload)).hasValue("three");
      assertThat(listener.next(Duration.ZERO)).isEmpty();
    }
    assertThat(theirs("SELECT group_concat(payload) FROM _honker_notifications"))
        .isEqualTo("\"one\",\"two\",\"not for us\",\"three\"");
    assertThat(ours().notifications().prune(PruneOptions.builder().keepLatest(1).build()))
        .isEqualTo(3);
  }

  @Test
  void listener_isWokenByHonkersNotify() throws Exception {
    try (Listener<Integer> listener = ours().channel("ticks", Integer.class).listen()) {
      Future<Notification<Integer>> heard = inBackground(() -> listener.next(SOON).orElseThrow());
      theirs("SELECT notify(?,?)", "ticks", "7");
      assertThat(heard.get().payload()).isEqualTo(7);
    }
  }

  // ---- results

  @Test
  void result_thatHonkerSaves_endsOurWait() throws Exception {
    long job = ours().queue("sums", Integer.class).enqueue(1);
    Future<AwaitedResult<Integer>> awaited =
        inBackground(() -> ours().results().await(job, Integer.class, SOON));
    theirs("SELECT honker_result_save(?,?,?)", job, "42", 60);
    assertThat(awaited.get().value()).isEqualTo(42);
  }

  // ---- all at once

  @Test
  void bothSides_writingEverythingAtOnce_loseAndDoubleNothing() throws Exception {
    int each = 150;
    JobQueue<Integer> jobs = ours().queue("mixed", Integer.class);
    Map<Integer, Integer> handled = new ConcurrentHashMap<>();
    List<Integer> events = new CopyOnWriteArrayList<>();
    List<Integer> heard = new CopyOnWriteArrayList<>();
    try (Worker worker = jobs.worker(job -> handled.merge(job.payload(), 1, Integer::sum)).start();
        Subscription subscription =
            numbers().subscribe("mixed", event -> events.add(event.payload())).start();
        Listener<Integer> listener = ours().channel("mixed", Integer.class).listen()) {
      Future<Boolean> java =
          inBackground(
              () -> {
                for (int i = 0; i < each; i++) {
                  jobs.enqueue(i);
                  numbers().publish("k" + i % 7, i);
                  ours().channel("mixed", Integer.class).notify(i);
                }
                return true;
              });
      for (int i = each; i < 2 * each; i++) {
        String payload = Integer.toString(i);
        theirs("SELECT honker_enqueue(?,?,NULL,NULL,0,3,NULL)", "mixed", payload);
        theirs(PUBLISH, "numbers", "k" + i % 7, payload);
        theirs("SELECT notify(?,?)", "mixed", payload);
      }
      assertThat(java.get()).isTrue();
      while (heard.size() < 2 * each) {
        heard.add(listener.next(SOON).orElseThrow().payload());
      }
      await().atMost(SOON).until(() -> handled.size() == 2 * each && events.size() == 2 * each);
      assertThat(worker.isRunning() && subscription.isRunning()).isTrue();
    }
    assertThat(handled.values()).containsOnly(1);
    assertInOrderPerSide(events, each);
    assertInOrderPerSide(heard, each);
    assertThat(theirs("SELECT count(*) FROM _honker_live")).isEqualTo(0);
    assertThat(theirs("PRAGMA integrity_check")).isEqualTo("ok");
  }

  /** Each side's values ascend, and all are there once. */
  private static void assertInOrderPerSide(List<Integer> values, int each) {
    Map<Boolean, Integer> last = new HashMap<>();
    for (int value : values) {
      Integer before = last.put(value < each, value);
      assertThat(before == null || before < value).as("%s", values).isTrue();
    }
    assertThat(values).doesNotHaveDuplicates().hasSize(2 * each);
  }

  private interface Work<R> {
    R run() throws Exception;
  }

  private static <R> Future<R> inBackground(Work<R> work) {
    ExecutorService executor = Executors.newSingleThreadExecutor();
    try {
      return executor.submit(work::run);
    } finally {
      executor.shutdown();
    }
  }
}
