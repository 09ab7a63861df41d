package io.honker.cli;

import io.honker.error.HonkerException;
import java.sql.SQLException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;

/**
 * What all commands share: where results go, and what a failure does: it is told, and the process
 * ends with exit code 1.
 */
abstract class DatabaseCommand implements Callable<Integer> {

  static final int OK = 0;
  static final int FAILED = 1;

  @Mixin private Output output = new Output();

  final Output output() {
    return output;
  }

  /** Does the work and returns the exit code. */
  abstract int work() throws SQLException;

  @Override
  public final Integer call() {
    try {
      return work();
    } catch (SQLException e) {
      output.failure(Failure.of(e));
    } catch (HonkerException e) {
      output.failure(Failure.of(e));
    }
    return FAILED;
  }
}
