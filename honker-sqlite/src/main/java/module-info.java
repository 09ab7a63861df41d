/** The store that keeps honker's tables in a SQLite file. */
@org.jspecify.annotations.NullMarked
module io.honker.sqlite {
  requires transitive io.honker;
  requires io.honker.runtime;
  requires org.slf4j;
  requires org.xerial.sqlitejdbc;
  requires static org.jspecify;

  exports io.honker.sqlite;

  provides io.honker.Honker.Provider with
      io.honker.sqlite.SqliteProvider;
}
