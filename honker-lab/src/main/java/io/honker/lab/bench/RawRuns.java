package io.honker.lab.bench;

import io.honker.lab.bench.Databases.Email;
import io.honker.sqlite.SqliteOptions.Synchronous;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;

/**
 * The fastest honest loop over bare sqlite-jdbc: one thread, the same tables and indexes, every
 * statement prepared once, BEGIN IMMEDIATE and COMMIT too, the same RETURNING, no lane, no codec.
 */
final class RawRuns {

  private RawRuns() {}

  private static final String INSERT =
      "INSERT INTO _honker_live(queue, payload, priority, run_at, max_attempts, created_at,"
          + " expires_at) VALUES ";

  static Figure enqueueSingle(Path folder, int jobs, Synchronous synchronous) throws SQLException {
    try (Connection connection = Databases.raw(folder, synchronous);
        PreparedStatement begin = connection.prepareStatement("BEGIN IMMEDIATE");
        PreparedStatement commit = connection.prepareStatement("COMMIT");
        PreparedStatement insert =
            connection.prepareStatement(INSERT + "(?, ?, ?, ?, ?, ?, ?) RETURNING id")) {
      long begun = System.nanoTime();
      for (int i = 0; i < jobs; i++) {
        long now = System.currentTimeMillis() / 1000;
        begin.executeUpdate();
        insert.setString(1, Databases.QUEUE);
        insert.setString(2, Email.JSON);
        insert.setInt(3, 0);
        insert.setLong(4, now);
        insert.setInt(5, 3);
        insert.setLong(6, now);
        insert.setNull(7, Types.INTEGER);
        readIds(insert, 1);
        commit.executeUpdate();
      }
      return Figure.rate(jobs, System.nanoTime() - begun);
    }
  }

  static Figure enqueueBatch(Path folder, int batches, int size) throws SQLException {
    StringBuilder sql = new StringBuilder(INSERT);
    for (int i = 0; i < size; i++) {
      sql.append(i == 0 ? "" : ", ").append("(?, ?, ?, ?, ?, ?, ?)");
    }
    sql.append(" RETURNING id");
    try (Connection connection = Databases.raw(folder, Synchronous.NORMAL);
        PreparedStatement begin = connection.prepareStatement("BEGIN IMMEDIATE");
        PreparedStatement commit = connection.prepareStatement("COMMIT");
        PreparedStatement insert = connection.prepareStatement(sql.toString())) {
      long begun = System.nanoTime();
      for (int b = 0; b < batches; b++) {
        long now = System.currentTimeMillis() / 1000;
        begin.executeUpdate();
        for (int i = 0; i < size; i++) {
          insert.setString(i * 7 + 1, Databases.QUEUE);
          insert.setString(i * 7 + 2, Email.JSON);
          insert.setInt(i * 7 + 3, 0);
          insert.setLong(i * 7 + 4, now);
          insert.setInt(i * 7 + 5, 3);
          insert.setLong(i * 7 + 6, now);
          insert.setNull(i * 7 + 7, Types.INTEGER);
        }
        readIds(insert, size);
        commit.executeUpdate();
      }
      return Figure.rate((long) batches * size, System.nanoTime() - begun);
    }
  }

  private static void readIds(PreparedStatement insert, int expected) throws SQLException {
    int count = 0;
    try (ResultSet ids = insert.executeQuery()) {
      while (ids.next()) {
        count += ids.getLong(1) > 0 ? 1 : 0;
      }
    }
    if (count != expected) {
      throw new IllegalStateException(count + " ids instead of " + expected);
    }
  }

  static Figure claimAck(Path folder, int jobs, int size, int waiting) throws SQLException {
    String claimSql =
        "UPDATE _honker_live SET state = 'processing', worker_id = 'raw', claim_expires_at = ?1,"
            + " attempts = attempts + 1 WHERE id IN (SELECT id FROM _honker_live"
            + " INDEXED BY _honkerj_live_ready WHERE queue = ?2 AND state = 'pending'"
            + " AND priority = (SELECT max(priority) FROM _honker_live"
            + " INDEXED BY _honkerj_live_ready WHERE queue = ?2 AND state = 'pending')"
            + " AND run_at <= ?3 AND attempts < max_attempts"
            + " AND (expires_at IS NULL OR expires_at > ?3) ORDER BY run_at, id LIMIT ?4)"
            + " RETURNING id, payload, attempts";
    String ackSql =
        size == 1
            ? "DELETE FROM _honker_live WHERE id = ? AND worker_id = 'raw' AND"
                + " claim_expires_at >= ?"
            : "DELETE FROM _honker_live WHERE id IN (SELECT value FROM json_each(?)) AND"
                + " worker_id = 'raw' AND claim_expires_at >= ?";
    try (Connection connection = Databases.raw(folder, Synchronous.NORMAL)) {
      Databases.fill(folder, waiting + jobs, "due", 1);
      try (PreparedStatement begin = connection.prepareStatement("BEGIN IMMEDIATE");
          PreparedStatement commit = connection.prepareStatement("COMMIT");
          PreparedStatement claim = connection.prepareStatement(claimSql);
          PreparedStatement ack = connection.prepareStatement(ackSql)) {
        long begun = System.nanoTime();
        for (int done = 0; done < jobs; done += size) {
          long now = System.currentTimeMillis() / 1000;
          begin.executeUpdate();
          claim.setLong(1, now + 300);
          claim.setString(2, Databases.QUEUE);
          claim.setLong(3, now);
          claim.setInt(4, size);
          String ids = claimedIds(claim);
          commit.executeUpdate();
          begin.executeUpdate();
          ack.setString(1, size == 1 ? ids : "[" + ids + "]");
          ack.setLong(2, now);
          if (ack.executeUpdate() != size) {
            throw new IllegalStateException("not all were acknowledged");
          }
          commit.executeUpdate();
        }
        return Figure.rate(jobs, System.nanoTime() - begun);
      }
    }
  }

  private static String claimedIds(PreparedStatement claim) throws SQLException {
    StringBuilder ids = new StringBuilder();
    int bytes = 0;
    try (ResultSet rows = claim.executeQuery()) {
      while (rows.next()) {
        ids.append(ids.length() == 0 ? "" : ",").append(rows.getLong(1));
        bytes += rows.getString(2).length() + rows.getInt(3);
      }
    }
    if (bytes == 0) {
      throw new IllegalStateException("nothing was claimed");
    }
    return ids.toString();
  }
}
