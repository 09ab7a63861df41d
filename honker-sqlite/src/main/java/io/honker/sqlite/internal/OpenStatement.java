package io.honker.sqlite.internal;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** A statement as its connection's route and its rows see it. */
interface OpenStatement extends Statement {

  /** Fails if the statement or its connection is closed. */
  void checkOpen() throws SQLException;

  /** The transaction or connection ends: gives up the rows. */
  void dropRows(boolean discard) throws SQLException;

  /** The application closed the rows. */
  void rowsClosed(ResultSet rows) throws SQLException;
}
