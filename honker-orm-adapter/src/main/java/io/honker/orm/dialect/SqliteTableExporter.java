package io.honker.orm.dialect;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.hibernate.boot.Metadata;
import org.hibernate.boot.model.relational.SqlStringGenerationContext;
import org.hibernate.dialect.Dialect;
import org.hibernate.mapping.Table;
import org.hibernate.tool.schema.internal.StandardTableExporter;

/**
 * Drops the tables that refer to a table before it. SQLite deletes the rows of a table that it
 * drops, which foreign keys forbid otherwise. Tables that refer to each other in a circle can be
 * dropped only while they are empty.
 */
final class SqliteTableExporter extends StandardTableExporter {

  SqliteTableExporter(Dialect dialect) {
    super(dialect);
  }

  @Override
  public String[] getSqlDropStrings(
      Table table, Metadata metadata, SqlStringGenerationContext context) {
    Set<Table> order = new LinkedHashSet<>();
    collect(table, metadata, order, new LinkedHashSet<>());
    List<String> drops = new ArrayList<>();
    for (Table dropped : order) {
      drops.addAll(List.of(super.getSqlDropStrings(dropped, metadata, context)));
    }
    return drops.toArray(String[]::new);
  }

  private static void collect(
      Table table, Metadata metadata, Set<Table> order, Set<Table> visited) {
    if (!visited.add(table)) {
      return;
    }
    for (Table other : metadata.collectTableMappings()) {
      if (other.getForeignKeyCollection().stream()
          .anyMatch(key -> key.isPhysicalConstraint() && table.equals(key.getReferencedTable()))) {
        collect(other, metadata, order, visited);
      }
    }
    order.add(table);
  }
}
