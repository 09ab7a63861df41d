package io.honker.orm.dialect;

import java.util.List;
import java.util.stream.Collectors;
import org.hibernate.annotations.OnDeleteAction;
import org.hibernate.boot.Metadata;
import org.hibernate.boot.model.relational.SqlStringGenerationContext;
import org.hibernate.dialect.Dialect;
import org.hibernate.dialect.unique.AlterTableUniqueDelegate;
import org.hibernate.mapping.Column;
import org.hibernate.mapping.ForeignKey;
import org.hibernate.mapping.Table;
import org.hibernate.mapping.UniqueKey;

/**
 * Unique constraints and foreign keys as parts of CREATE TABLE, because SQLite adds none later.
 * Where a schema is migrated, unique constraints are indexes instead, which can be added.
 */
final class InlineConstraints extends AlterTableUniqueDelegate {

  InlineConstraints(Dialect dialect) {
    super(dialect);
  }

  @Override
  public String getColumnDefinitionUniquenessFragment(
      Column column, SqlStringGenerationContext context) {
    return ""; // as a constraint of the table it can have a name
  }

  @Override
  public String getTableCreationUniqueConstraintsFragment(
      Table table, SqlStringGenerationContext context) {
    StringBuilder fragment = new StringBuilder();
    if (!context.isMigration()) {
      for (UniqueKey key : table.getUniqueKeys().values()) {
        fragment.append(", ").append(name(key.getName())).append(uniqueConstraintSql(key));
      }
    }
    for (ForeignKey key : table.getForeignKeyCollection()) {
      if (key.isCreationEnabled() && key.isPhysicalConstraint()) {
        fragment.append(", ").append(name(key.getName())).append(foreignKey(key, context));
      }
    }
    return fragment.toString();
  }

  private String name(String name) {
    return name == null ? "" : "constraint " + dialect.quote(name) + " ";
  }

  private String foreignKey(ForeignKey key, SqlStringGenerationContext context) {
    if (key.getKeyDefinition() != null) {
      return key.getKeyDefinition();
    }
    List<Column> referenced =
        key.isReferenceToPrimaryKey()
            ? key.getReferencedTable().getPrimaryKey().getColumns()
            : key.getReferencedColumns();
    OnDeleteAction onDelete = key.getOnDeleteAction();
    return "foreign key "
        + names(key.getColumns())
        + " references "
        + context.format(key.getReferencedTable().getQualifiedTableName())
        + " "
        + names(referenced)
        + (onDelete == null || onDelete == OnDeleteAction.NO_ACTION
            ? ""
            : " on delete " + onDelete.toSqlString())
        + (key.getOptions() == null || key.getOptions().isBlank() ? "" : " " + key.getOptions());
  }

  private String names(List<Column> columns) {
    return columns.stream()
        .map(column -> column.getQuotedName(dialect))
        .collect(Collectors.joining(", ", "(", ")"));
  }

  @Override
  public String getAlterTableToAddUniqueKeyCommand(
      UniqueKey key, Metadata metadata, SqlStringGenerationContext context) {
    if (!context.isMigration() || key.getName() == null) {
      return "";
    }
    return "create unique index if not exists "
        + dialect.quote(key.getName())
        + " on "
        + context.format(key.getTable().getQualifiedTableName())
        + " "
        + names(key.getColumns());
  }

  @Override
  public String getAlterTableToDropUniqueKeyCommand(
      UniqueKey key, Metadata metadata, SqlStringGenerationContext context) {
    return context.isMigration() && key.getName() != null
        ? "drop index if exists " + dialect.quote(key.getName())
        : "";
  }
}
