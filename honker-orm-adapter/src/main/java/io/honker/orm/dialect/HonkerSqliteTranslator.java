package io.honker.orm.dialect;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.hibernate.community.dialect.SQLiteSqlAstTranslator;
import org.hibernate.engine.spi.SessionFactoryImplementor;
import org.hibernate.jdbc.Expectation;
import org.hibernate.persister.entity.mutation.EntityTableMapping;
import org.hibernate.sql.ast.tree.Statement;
import org.hibernate.sql.ast.tree.from.NamedTableReference;
import org.hibernate.sql.ast.tree.insert.ConflictClause;
import org.hibernate.sql.ast.tree.insert.InsertSelectStatement;
import org.hibernate.sql.ast.tree.select.QueryGroup;
import org.hibernate.sql.ast.tree.select.QueryPart;
import org.hibernate.sql.ast.tree.select.QuerySpec;
import org.hibernate.sql.exec.internal.JdbcOperationQueryInsertImpl;
import org.hibernate.sql.exec.spi.JdbcOperation;
import org.hibernate.sql.exec.spi.JdbcOperationQueryInsert;
import org.hibernate.sql.model.MutationOperation;
import org.hibernate.sql.model.ast.ColumnValueBinding;
import org.hibernate.sql.model.internal.OptionalTableUpdate;
import org.hibernate.sql.model.jdbc.DeleteOrUpsertOperation;
import org.hibernate.sql.model.jdbc.UpsertOperation;

/** Renders what SQLite's INSERT can and the stock dialect does not use. Made for one statement. */
final class HonkerSqliteTranslator<T extends JdbcOperation> extends SQLiteSqlAstTranslator<T> {

  HonkerSqliteTranslator(SessionFactoryImplementor factory, Statement statement) {
    super(factory, statement);
  }

  // ---- insert ... on conflict of HQL

  @Override
  protected JdbcOperationQueryInsert translateInsert(InsertSelectStatement statement) {
    visitInsertStatement(statement);
    return new JdbcOperationQueryInsertImpl(
        getSql(), getParameterBinders(), getAffectedTableNames(), null);
  }

  /** The alias is what the conflict clause calls the existing row. */
  @Override
  protected void renderDmlTargetTableExpression(NamedTableReference target) {
    if (target.getTableExpression().stripLeading().startsWith("(")) {
      throw new org.hibernate.query.IllegalQueryOperationException(
          "an entity that is a query (@Subselect), as honker's are, is read-only");
    }
    super.renderDmlTargetTableExpression(target);
    if (getStatementStack().getCurrent() instanceof InsertSelectStatement insert
        && insert.getConflictClause() != null
        && target.getIdentificationVariable() != null) {
      appendSql(" as " + target.getIdentificationVariable());
    }
  }

  /** Without a WHERE, SQLite's parser takes the ON of ON CONFLICT for that of a join. */
  @Override
  protected void visitInsertSource(InsertSelectStatement statement) {
    super.visitInsertSource(statement);
    if (statement.getConflictClause() != null
        && endsWithFrom(statement.getSourceSelectStatement())) {
      appendSql(" where true");
    }
  }

  private static boolean endsWithFrom(QueryPart source) {
    if (source == null || source.hasSortSpecifications() || source.hasOffsetOrFetchClause()) {
      return false;
    }
    if (source instanceof QueryGroup group) {
      List<? extends QueryPart> parts = group.getQueryParts();
      return endsWithFrom(parts.get(parts.size() - 1));
    }
    QuerySpec spec = source.getFirstQuerySpec();
    return spec.getWhereClauseRestrictions() == null
        && spec.getGroupByClauseExpressions().isEmpty()
        && spec.getHavingClauseRestrictions() == null;
  }

  @Override
  protected void visitConflictClause(ConflictClause clause) {
    if (clause != null && clause.getConstraintName() != null) {
      throw new org.hibernate.query.IllegalQueryOperationException(
          "SQLite knows the target of ON CONFLICT by its columns only; name them instead of "
              + clause.getConstraintName());
    }
    visitStandardConflictClause(clause);
  }

  // ---- StatelessSession.upsert

  /** Columns that only an insert, or only an update, may write need both statements. */
  static boolean canUpsert(OptionalTableUpdate update) {
    return update.getValueBindings().stream().allMatch(ColumnValueBinding::isAttributeInsertable);
  }

  /** One INSERT ... ON CONFLICT DO UPDATE, in place of an UPDATE and then an INSERT. */
  MutationOperation upsert(OptionalTableUpdate update) {
    List<ColumnValueBinding> updated =
        update.getValueBindings().stream()
            .filter(ColumnValueBinding::isAttributeUpdatable)
            .toList();
    renderInsert(update);
    appendSql(" on conflict " + columns(update.getKeyBindings().stream()));
    if (updated.isEmpty()) {
      appendSql(" do nothing");
    } else {
      appendSql(
          updated.stream()
              .map(HonkerSqliteTranslator::column)
              .map(column -> column + "=excluded." + column)
              .collect(Collectors.joining(",", " do update set ", "")));
      renderVersionCheck(update.getOptimisticLockBindings());
    }
    Expectation expectation =
        updated.isEmpty() ? new Expectation.OptionalRowCount() : new Expectation.RowCount();
    EntityTableMapping table = (EntityTableMapping) update.getMutatingTable().getTableMapping();
    return new DeleteOrUpsertOperation(
        update.getMutationTarget(),
        table,
        new UpsertOperation(
            table, update.getMutationTarget(), getSql(), expectation, getParameterBinders()),
        update);
  }

  private void renderInsert(OptionalTableUpdate update) {
    List<ColumnValueBinding> inserted =
        Stream.concat(update.getKeyBindings().stream(), update.getValueBindings().stream())
            .toList();
    appendSql("insert into " + update.getMutatingTable().getTableName() + " as t ");
    appendSql(columns(inserted.stream()));
    String separator = " values (";
    for (ColumnValueBinding binding : inserted) {
      appendSql(separator);
      binding.getValueExpression().accept(this);
      separator = ",";
    }
    appendSql(")");
  }

  private void renderVersionCheck(List<ColumnValueBinding> versions) {
    String separator = " where ";
    for (ColumnValueBinding binding : versions) {
      appendSql(separator + "t." + column(binding) + "=");
      binding.getValueExpression().accept(this);
      separator = " and ";
    }
  }

  private static String columns(Stream<ColumnValueBinding> bindings) {
    return bindings.map(HonkerSqliteTranslator::column).collect(Collectors.joining(",", "(", ")"));
  }

  private static String column(ColumnValueBinding binding) {
    return binding.getColumnReference().getColumnExpression();
  }
}
