package io.honker.sqlite.internal;

import io.honker.error.StoreSchemaException;
import io.honker.sqlite.functions.SharedTables;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tables: honker's own, which other processes share (rules F-1, F-2), and ours beside them,
 * prefix {@code _honkerj_} (rule F-4).
 */
final class Schema {

  /** The version of our own tables that this code reads and writes. */
  static final int VERSION = 1;

  private static final Logger LOG = LoggerFactory.getLogger("io.honker.sqlite");

  private static final List<String> OURS =
      List.of(
          """
          CREATE TABLE IF NOT EXISTS _honkerj_meta (
            key TEXT PRIMARY KEY,
            value TEXT NOT NULL) WITHOUT ROWID""",
          // failed attempts of jobs that are live or dead; job ids are never reused
          """
          CREATE TABLE IF NOT EXISTS _honkerj_attempts (
            job_id INTEGER NOT NULL,
            attempt INTEGER NOT NULL,
            worker_id TEXT NOT NULL,
            ended_at INTEGER NOT NULL,
            error TEXT,
            PRIMARY KEY (job_id, attempt)) WITHOUT ROWID""",
          // a key is taken while its job is live, and in any case up to the second taken_until
          """
          CREATE TABLE IF NOT EXISTS _honkerj_unique (
            queue TEXT NOT NULL,
            key TEXT NOT NULL,
            job_id INTEGER NOT NULL,
            taken_until INTEGER NOT NULL,
            PRIMARY KEY (queue, key)) WITHOUT ROWID""",
          """
          CREATE INDEX IF NOT EXISTS _honkerj_unique_until
            ON _honkerj_unique(taken_until)""",
          """
          CREATE TABLE IF NOT EXISTS _honkerj_queues (
            name TEXT PRIMARY KEY,
            paused INTEGER NOT NULL DEFAULT 0,
            max_in_flight INTEGER) WITHOUT ROWID""",
          // one row: the last fencing token of any lock
          """
          CREATE TABLE IF NOT EXISTS _honkerj_fences (
            id INTEGER PRIMARY KEY,
            token INTEGER NOT NULL)""",
          // uses of sliding windows, numbered from one without gaps as long as there are any
          """
          CREATE TABLE IF NOT EXISTS _honkerj_rate_uses (
            name TEXT NOT NULL,
            per INTEGER NOT NULL,
            number INTEGER NOT NULL,
            used_at INTEGER NOT NULL,
            PRIMARY KEY (name, per, number)) WITHOUT ROWID""",
          // when each token bucket is full again; nanoseconds, as above
          """
          CREATE TABLE IF NOT EXISTS _honkerj_rate_buckets (
            name TEXT NOT NULL,
            per INTEGER NOT NULL,
            full_at INTEGER NOT NULL,
            PRIMARY KEY (name, per)) WITHOUT ROWID""",
          // lease_until of a slot is its member's; epoch counts the times it was taken
          """
          CREATE TABLE IF NOT EXISTS _honkerj_group_members (
            topic TEXT NOT NULL,
            grp TEXT NOT NULL,
            member TEXT NOT NULL,
            lease_until INTEGER NOT NULL,
            PRIMARY KEY (topic, grp, member)) WITHOUT ROWID""",
          """
          CREATE TABLE IF NOT EXISTS _honkerj_group_slots (
            topic TEXT NOT NULL,
            grp TEXT NOT NULL,
            slot INTEGER NOT NULL,
            offset INTEGER NOT NULL,
            member TEXT,
            lease_until INTEGER NOT NULL DEFAULT 0,
            epoch INTEGER NOT NULL DEFAULT 0,
            PRIMARY KEY (topic, grp, slot)) WITHOUT ROWID""",
          // what was pruned of a channel: count notifications with ids from from_id to to_id
          """
          CREATE TABLE IF NOT EXISTS _honkerj_pruned (
            channel TEXT NOT NULL,
            to_id INTEGER NOT NULL,
            from_id INTEGER NOT NULL,
            count INTEGER NOT NULL,
            PRIMARY KEY (channel, to_id)) WITHOUT ROWID""",
          // makes a claim as cheap among in-flight jobs as without them
          """
          CREATE INDEX IF NOT EXISTS _honkerj_live_ready
            ON _honker_live(queue, priority DESC, run_at, id) WHERE state = 'pending'""",
          // the next four are reached by sweeps and lists only, and cost the common job nothing
          """
          CREATE INDEX IF NOT EXISTS _honkerj_live_expiry
            ON _honker_live(queue, expires_at)
            WHERE state = 'pending' AND expires_at IS NOT NULL""",
          """
          CREATE INDEX IF NOT EXISTS _honkerj_dead_queue ON _honker_dead(queue, id)""",
          """
          CREATE INDEX IF NOT EXISTS _honkerj_dead_age ON _honker_dead(queue, died_at)""",
          """
          CREATE INDEX IF NOT EXISTS _honkerj_results_expiry
            ON _honker_results(expires_at) WHERE expires_at IS NOT NULL""",
          // schedules that the shared table has no columns for; a name is in one of the two
          """
          CREATE TABLE IF NOT EXISTS _honkerj_schedules (
            name TEXT PRIMARY KEY,
            queue TEXT NOT NULL,
            expression TEXT NOT NULL,
            payload TEXT NOT NULL,
            priority INTEGER NOT NULL,
            max_attempts INTEGER NOT NULL,
            expires_s INTEGER,
            next_fire_at INTEGER NOT NULL,
            enabled INTEGER NOT NULL,
            zone TEXT,
            gap TEXT NOT NULL,
            overlap TEXT NOT NULL,
            catch_up TEXT NOT NULL,
            catch_up_cap INTEGER NOT NULL,
            catch_up_grace_s INTEGER NOT NULL,
            revision INTEGER NOT NULL)""",
          """
          CREATE INDEX IF NOT EXISTS _honkerj_schedules_due
            ON _honkerj_schedules(next_fire_at, name) WHERE enabled = 1""",
          """
          CREATE INDEX IF NOT EXISTS _honkerj_scheduler_due
            ON _honker_scheduler_tasks(next_fire_at, name) WHERE enabled = 1""",
          // which nominal fire time a job is for; other processes delete jobs without this row
          """
          CREATE TABLE IF NOT EXISTS _honkerj_fires (
            job_id INTEGER PRIMARY KEY,
            schedule TEXT NOT NULL,
            fire_at INTEGER NOT NULL)""",
          """
          CREATE TABLE IF NOT EXISTS _honkerj_bridges (
            name TEXT PRIMARY KEY,
            kind TEXT NOT NULL,
            local TEXT NOT NULL,
            log TEXT NOT NULL,
            state TEXT NOT NULL,
            detail TEXT,
            since INTEGER NOT NULL,
            paused INTEGER NOT NULL,
            request TEXT,
            generation INTEGER NOT NULL) WITHOUT ROWID""",
          // offsets of the source: the last that may have left, the last that the broker confirmed;
          // of an inbound bridge: the last of those that are missing or 0, the last that has come
          """
          CREATE TABLE IF NOT EXISTS _honkerj_bridge_sent (
            bridge TEXT NOT NULL,
            origin TEXT NOT NULL,
            topic TEXT NOT NULL,
            intended INTEGER NOT NULL,
            acknowledged INTEGER NOT NULL,
            PRIMARY KEY (bridge, origin, topic)) WITHOUT ROWID""",
          // the last offset of each source that a target has
          """
          CREATE TABLE IF NOT EXISTS _honkerj_received (
            target TEXT NOT NULL,
            origin TEXT NOT NULL,
            topic TEXT NOT NULL,
            offset INTEGER NOT NULL,
            PRIMARY KEY (target, origin, topic)) WITHOUT ROWID""",
          // where events of a local topic come from that were not published here
          """
          CREATE TABLE IF NOT EXISTS _honkerj_received_marks (
            topic TEXT NOT NULL,
            offset INTEGER NOT NULL,
            origin TEXT NOT NULL,
            source_topic TEXT NOT NULL,
            source_offset INTEGER NOT NULL,
            published_at_ms INTEGER NOT NULL,
            PRIMARY KEY (topic, offset)) WITHOUT ROWID""",
          // an event belongs to the last origin that began before its offset
          """
          CREATE TABLE IF NOT EXISTS _honkerj_origins (
            number INTEGER PRIMARY KEY,
            origin TEXT NOT NULL UNIQUE,
            after_offset INTEGER NOT NULL)""",
          // the highest offset that was ever deleted from a topic
          """
          CREATE TABLE IF NOT EXISTS _honkerj_trimmed (
            topic TEXT PRIMARY KEY,
            up_to INTEGER NOT NULL) WITHOUT ROWID""");

  private static final Pattern NAME = Pattern.compile("IF NOT EXISTS\\s+(\\w+)");

  /** Every table and index there must be. */
  private static final Set<String> NAMES =
      Stream.concat(SharedTables.ddl().stream(), OURS.stream())
          .map(Schema::nameIn)
          .collect(Collectors.toSet());

  private final Connection connection;
  private final FileIdentity file;
  private final MetaTable meta;
  private final Origins origins;

  /**
   * Prepares for a file.
   *
   * @param file the file as it was found before the connection was opened
   */
  Schema(Connection connection, FileIdentity file) {
    this.connection = connection;
    this.file = file;
    this.meta = new MetaTable(connection);
    this.origins = new Origins(connection, file.number());
  }

  /**
   * Creates what is missing, upgrades what is older, and begins another origin in a copy, in one
   * transaction; a complete file is only read. The connection is in auto-commit mode.
   *
   * @return the database's id
   * @throws StoreSchemaException if a newer version wrote our tables
   */
  String prepare() throws SQLException {
    String id = completeId();
    if (id != null) {
      return id;
    }
    run("BEGIN IMMEDIATE");
    try {
      refuseNewer();
      for (String sql : SharedTables.ddl()) {
        run(sql);
      }
      SharedTables.addMissingColumns(connection);
      for (String sql : OURS) {
        run(sql);
      }
      String made = databaseId();
      meta.put("schema_version", Integer.toString(VERSION));
      String origin = origins.settle(made);
      run("COMMIT");
      if (origin != null) {
        LOG.info(
            "{} is a copy, or was put here from elsewhere: it publishes to others as {} from now on",
            file,
            origin);
      }
      return made;
    } catch (SQLException | RuntimeException e) {
      try {
        run("ROLLBACK");
      } catch (SQLException suppressed) {
        e.addSuppressed(suppressed);
      }
      throw e;
    }
  }

  private String databaseId() throws SQLException {
    String id = meta.find("database_id");
    if (id == null) {
      id = UUID.randomUUID().toString();
      meta.put("database_id", id);
    }
    return id;
  }

  /** The database's id if every table is there in this version, null if there is work to do. */
  private @Nullable String completeId() throws SQLException {
    if (count("SELECT count(*) FROM sqlite_master WHERE name = '_honkerj_meta'") == 0) {
      return null;
    }
    refuseNewer();
    boolean current = Integer.toString(VERSION).equals(meta.find("schema_version"));
    boolean complete =
        current
            && names().containsAll(NAMES)
            && SharedTables.hasAllColumns(connection)
            && origins.areSettled();
    return complete ? meta.find("database_id") : null;
  }

  private static String nameIn(String sql) {
    Matcher name = NAME.matcher(sql);
    if (!name.find()) {
      throw new IllegalArgumentException(sql);
    }
    return name.group(1);
  }

  private Set<String> names() throws SQLException {
    Set<String> names = new HashSet<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT name FROM sqlite_master")) {
      while (rows.next()) {
        names.add(rows.getString(1));
      }
    }
    return names;
  }

  private void refuseNewer() throws SQLException {
    if (count("SELECT count(*) FROM sqlite_master WHERE name = '_honkerj_meta'") == 0) {
      return;
    }
    String found = meta.find("schema_version");
    if (found != null && !found.matches("[0-9]{1,9}")) {
      throw new StoreSchemaException(
          "the file's schema version is \""
              + found
              + "\", which no Honker for Java writes; somebody changed the table _honkerj_meta",
          null);
    }
    if (found != null && Integer.parseInt(found) > VERSION) {
      throw new StoreSchemaException(
          "the file was written by a newer Honker for Java: its schema version is "
              + found
              + ", this one knows "
              + VERSION
              + "; upgrade the library in every process that uses the file",
          null);
    }
  }

  private void run(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private int count(String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getInt(1);
    }
  }
}
