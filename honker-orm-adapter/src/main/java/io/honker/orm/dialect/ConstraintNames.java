package io.honker.orm.dialect;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.hibernate.annotations.OnDeleteAction;
import org.hibernate.boot.Metadata;
import org.hibernate.mapping.Column;
import org.hibernate.mapping.ForeignKey;
import org.hibernate.mapping.PrimaryKey;
import org.hibernate.mapping.Table;
import org.hibernate.mapping.UniqueKey;
import org.jspecify.annotations.Nullable;

/**
 * The names of constraints. SQLite tells a violated UNIQUE constraint by its columns, and of a
 * foreign key that there is one.
 *
 * <p>Safe for use by multiple threads.
 */
final class ConstraintNames {

  private static final Pattern TARGET =
      Pattern.compile(
          "\\s*(insert|update|delete|replace)\\s+(?:or\\s+\\w+\\s+)?(?:into\\s+|from\\s+)?"
              + "([\"`\\[]?)([^\\s\"`\\](]+)",
          Pattern.CASE_INSENSITIVE);

  /** By table and columns, as SQLite's messages have them, in lower case. */
  private final Map<String, String> unique = new ConcurrentHashMap<>();

  /** By the referencing table, and by the referenced one. */
  private final Map<String, List<String>> outgoing = new ConcurrentHashMap<>();

  private final Map<String, List<String>> incoming = new ConcurrentHashMap<>();

  void learn(Metadata metadata) {
    for (Table table : metadata.collectTableMappings()) {
      learnKeys(table);
      for (ForeignKey key : table.getForeignKeyCollection()) {
        if (key.isCreationEnabled() && key.isPhysicalConstraint()) {
          learn(key);
        }
      }
    }
  }

  private void learnKeys(Table table) {
    for (Column column : table.getColumns()) {
      if (column.isUnique() && column.getUniqueKeyName() != null) {
        unique.put(columns(table, List.of(column)), column.getUniqueKeyName());
      }
    }
    for (UniqueKey key : table.getUniqueKeys().values()) {
      if (key.getName() != null) {
        unique.put(columns(table, key.getColumns()), key.getName());
      }
    }
    PrimaryKey key = table.getPrimaryKey();
    if (key != null && key.getName() != null) {
      unique.put(columns(table, key.getColumns()), key.getName());
    }
  }

  private void learn(ForeignKey key) {
    add(outgoing, key.getTable(), key.getName());
    OnDeleteAction action = key.getOnDeleteAction();
    if (action == null || action == OnDeleteAction.NO_ACTION || action == OnDeleteAction.RESTRICT) {
      add(incoming, key.getReferencedTable(), key.getName());
    }
  }

  private static void add(Map<String, List<String>> names, Table table, String name) {
    names.merge(
        lower(table.getName()),
        List.of(name),
        (known, one) -> {
          if (known.contains(name)) {
            return known;
          }
          List<String> both = new ArrayList<>(known);
          both.addAll(one);
          return List.copyOf(both);
        });
  }

  private static String columns(Table table, List<Column> columns) {
    return columns.stream()
        .map(column -> lower(table.getName() + "." + column.getName()))
        .sorted(Comparator.naturalOrder())
        .toList()
        .toString();
  }

  /** The name of the constraint on columns such as {@code Item.a, Item.b}; those if it has none. */
  String ofUnique(String columns) {
    String key =
        Pattern.compile(",\\s*")
            .splitAsStream(lower(columns))
            .sorted(Comparator.naturalOrder())
            .toList()
            .toString();
    return unique.getOrDefault(key, columns);
  }

  /** The one foreign key that a statement can have violated; null if there are several. */
  @Nullable String ofForeignKey(@Nullable String sql) {
    Matcher target = sql == null ? null : TARGET.matcher(sql);
    if (target == null || !target.lookingAt()) {
      return null;
    }
    String table = lower(target.group(3));
    List<String> candidates = new ArrayList<>();
    String verb = lower(target.group(1));
    if (!verb.equals("delete")) {
      candidates.addAll(outgoing.getOrDefault(table, List.of()));
    }
    if (!verb.equals("insert")) {
      candidates.addAll(incoming.getOrDefault(table, List.of()));
    }
    return candidates.size() == 1 ? candidates.get(0) : null;
  }

  private static String lower(String name) {
    return name.toLowerCase(Locale.ROOT);
  }
}
