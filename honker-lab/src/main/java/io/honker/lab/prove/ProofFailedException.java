package io.honker.lab.prove;

import java.util.function.Supplier;

/** Something that was claimed does not hold. */
final class ProofFailedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  ProofFailedException(String message) {
    super(message);
  }

  /** Throws unless it holds. */
  static void require(boolean holds, Supplier<String> otherwise) {
    if (!holds) {
      throw new ProofFailedException(otherwise.get());
    }
  }

  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }
}
