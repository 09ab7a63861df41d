package io.honker.cli;

import io.honker.Honker;
import io.honker.codec.Json;
import io.honker.queue.DeadLetters;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code honker dead}: jobs that will not run again unless requeued. */
@Command(
    name = "dead",
    description = "Lists, requeues or purges dead letters.",
    subcommands = {
      DeadCommand.ListCommand.class,
      DeadCommand.RequeueCommand.class,
      DeadCommand.PurgeCommand.class
    })
final class DeadCommand extends CommandGroup {

  /** Rows per transaction, so that others get the writer between two. */
  private static final int CHUNK = 1_000;

  /** {@code honker dead list}. */
  @Command(name = "list", description = "Lists dead jobs in order of id.")
  static final class ListCommand extends FileCommand {

    private static final String COLUMNS =
        """
        SELECT id, queue, priority, attempts, max_attempts,
          strftime('%Y-%m-%dT%H:%M:%SZ', created_at, 'unixepoch') AS created_at,
          strftime('%Y-%m-%dT%H:%M:%SZ', died_at, 'unixepoch') AS died_at,
          last_error""";

    private static final String ROWS =
        """
         FROM _honker_dead
        WHERE (?1 IS NULL OR queue = ?1) AND id > ?2
          AND (?3 IS NULL OR instr(last_error, ?3) > 0)
        ORDER BY id LIMIT ?4""";

    @Parameters(
        index = "1",
        arity = "0..1",
        paramLabel = "QUEUE",
        description = "The queue; without it, all queues.")
    private @Nullable String queue;

    @Option(
        names = "--error",
        paramLabel = "TEXT",
        description = "Only jobs whose recorded reason contains this text.")
    private @Nullable String error;

    @Option(names = "--payload", description = "Show the payloads too.")
    private boolean payload;

    @Mixin private Page page = new Page();

    @Override
    int run(Path file) throws SQLException {
      try (ReadOnlyDatabase database = ReadOnlyDatabase.open(file)) {
        String sql = payload ? COLUMNS + ", " + JsonDocuments.PAYLOAD + ROWS : COLUMNS + ROWS;
        Rows rows = database.rows(sql, queue, page.after(), error, page.limit());
        output().list(payload ? rows.withTexts("payload", Json::of) : rows);
        return OK;
      }
    }
  }

  /** {@code honker dead requeue}. */
  @Command(
      name = "requeue",
      description = "Makes dead jobs live again: due at once, with fresh attempts and the same id.",
      footer = "%nWith ids it is all or nothing. --all requeues in portions.")
  static final class RequeueCommand extends FileCommand {

    @Parameters(index = "1", paramLabel = "QUEUE", description = "The queue.")
    private String queue = "";

    @Parameters(index = "2..*", paramLabel = "ID", description = "Which jobs.")
    private List<Long> ids = List.of();

    @Option(names = "--all", description = "All dead jobs of the queue, oldest first.")
    private boolean all;

    @Mixin private Progress progress = new Progress();

    @Override
    int run(Path file) throws SQLException {
      if (all != ids.isEmpty()) {
        throw usage("give either ids or --all");
      }
      try (Honker honker = open(file)) {
        DeadLetters<Json> dead = honker.queue(queue, Json.class).deadLetters();
        int count = all ? requeueAll(dead) : requeueEach(honker, dead);
        output().thing(Map.of("requeued", count), Counted.of(count, "job") + " requeued");
        return OK;
      }
    }

    private int requeueEach(Honker honker, DeadLetters<Json> dead) {
      honker.inTransaction(
          tx -> {
            for (long id : ids) {
              if (!dead.requeue(tx, id)) {
                throw CommandFailedException.notFound(
                    "no dead job " + id + " in the queue " + queue + "; nothing was requeued");
              }
            }
          });
      return ids.size();
    }

    /** Ends with those that were dead at the start: what dies again meanwhile stays dead. */
    private int requeueAll(DeadLetters<Json> dead) {
      long total = dead.count();
      long done = 0;
      int chunk = 1;
      while (done < total && chunk > 0) {
        chunk = dead.requeueAll((int) Math.min(CHUNK, total - done));
        done += chunk;
        progress.show("requeued", done, total);
      }
      progress.end();
      return (int) done;
    }
  }

  /** {@code honker dead purge}. */
  @Command(
      name = "purge",
      description = "Deletes dead jobs for good.",
      footer =
          "%nPurges in portions, oldest first, so that others can write meanwhile. Interrupted, it"
              + " has purged a part.")
  static final class PurgeCommand extends FileCommand {

    private static final String OLDEST =
        """
        SELECT max(died_at) FROM (
          SELECT died_at FROM _honker_dead WHERE queue = ?1 AND died_at <= ?2
          ORDER BY died_at LIMIT ?3)""";

    @Parameters(index = "1", paramLabel = "QUEUE", description = "The queue.")
    private String queue = "";

    @ArgGroup(multiplicity = "1")
    private Which which = new Which();

    @Mixin private Progress progress = new Progress();

    /** What to purge. */
    static final class Which {

      @Option(
          names = "--older-than",
          paramLabel = "DURATION",
          description = "Jobs that died longer ago than this, such as 30d.")
      private @Nullable Duration olderThan;

      @Option(names = "--keep", paramLabel = "N", description = "All jobs but the newest N.")
      private @Nullable Integer keep;

      @Option(names = "--all", description = "All dead jobs of the queue.")
      private boolean all;
    }

    @Override
    int run(Path file) throws SQLException {
      Integer keep = which.all ? Integer.valueOf(0) : which.keep;
      if (keep != null && keep < 0) {
        throw usage("--keep must not be negative, but is " + keep);
      }
      try (Honker honker = open(file)) {
        DeadLetters<Json> dead = honker.queue(queue, Json.class).deadLetters();
        long count = keep == null ? purgeOld(honker, dead) : purgeKeeping(dead, keep);
        progress.end();
        output().thing(Map.of("purged", count), Counted.of(count, "job") + " purged");
        return OK;
      }
    }

    private long purgeKeeping(DeadLetters<Json> dead, int keep) {
      long before = dead.count();
      long total = Math.max(0, before - keep);
      long done = 0;
      while (done + CHUNK < total) {
        done += dead.purgeKeeping((int) (before - done - CHUNK));
        progress.show("purged", done, total);
      }
      return done + dead.purgeKeeping(keep);
    }

    /** Purges up to the age of the thousandth oldest, again and again. */
    private long purgeOld(Honker honker, DeadLetters<Json> dead) {
      Duration age = which.olderThan == null ? Duration.ZERO : which.olderThan;
      if (age.isNegative()) {
        throw new IllegalArgumentException("--older-than must not be negative, but is " + age);
      }
      long until = now().minus(age).getEpochSecond();
      long done = 0;
      Optional<Long> step = step(honker, until);
      while (step.isPresent()) {
        done += dead.purgeOlderThan(Duration.ofSeconds(now().getEpochSecond() - step.get()));
        progress.show("purged", done, 0);
        step = step(honker, until);
      }
      return done;
    }

    private Optional<Long> step(Honker honker, long until) {
      return honker.read(
          connection -> {
            try (PreparedStatement select = connection.prepareStatement(OLDEST)) {
              select.setString(1, queue);
              select.setLong(2, until);
              select.setInt(3, CHUNK);
              try (ResultSet row = select.executeQuery()) {
                row.next();
                long second = row.getLong(1);
                return row.wasNull() ? Optional.empty() : Optional.of(second);
              }
            }
          });
    }
  }
}
