package io.honker.cli;

import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a result. Values are numbers, texts, byte arrays, booleans, JSON documents and nulls.
 *
 * @param columns their names, each one once
 * @param values row by row
 */
record Rows(List<String> columns, List<List<@Nullable Object>> values) {

  static Rows read(ResultSet result) throws SQLException {
    List<String> columns = columns(result.getMetaData());
    List<List<@Nullable Object>> values = new ArrayList<>();
    while (result.next()) {
      List<@Nullable Object> row = new ArrayList<>();
      for (int i = 1; i <= columns.size(); i++) {
        row.add(result.getObject(i));
      }
      values.add(row);
    }
    return new Rows(columns, values);
  }

  /** The same rows with one column's texts turned into something else. */
  Rows withTexts(String column, Function<String, Object> change) {
    int at = columns.indexOf(column);
    List<List<@Nullable Object>> changed = new ArrayList<>();
    for (List<@Nullable Object> row : values) {
      List<@Nullable Object> copy = new ArrayList<>(row);
      if (copy.get(at) instanceof String text) {
        copy.set(at, change.apply(text));
      }
      changed.add(copy);
    }
    return new Rows(columns, changed);
  }

  /** The second column of a name gets {@code :1} behind it, as SQLite's own shell has it. */
  private static List<String> columns(ResultSetMetaData data) throws SQLException {
    List<String> names = new ArrayList<>();
    Map<String, Integer> seen = new HashMap<>();
    for (int i = 1; i <= data.getColumnCount(); i++) {
      String name = data.getColumnLabel(i);
      int before = seen.merge(name, 1, Integer::sum) - 1;
      names.add(before == 0 ? name : name + ":" + before);
    }
    return names;
  }
}
