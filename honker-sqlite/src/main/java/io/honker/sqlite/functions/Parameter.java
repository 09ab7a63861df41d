package io.honker.sqlite.functions;

/** What a function takes in one place. Nothing is converted but a whole REAL to an INTEGER. */
enum Parameter {
  TEXT(false, false),
  TEXT_OR_NULL(false, true),
  INTEGER(true, false),
  INTEGER_OR_NULL(true, true);

  private final boolean integer;
  private final boolean nullable;

  Parameter(boolean integer, boolean nullable) {
    this.integer = integer;
    this.nullable = nullable;
  }

  boolean isInteger() {
    return integer;
  }

  boolean isNullable() {
    return nullable;
  }
}
