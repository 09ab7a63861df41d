package io.honker.lab.prove;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/** Something that was claimed does not hold. */
final class ProofFailedException extends RuntimeException {

  private static final long serialVersionUID = 1L;
  private static final int MOST_SHOWN = 10;

  ProofFailedException(String message) {
    super(message);
  }

  /** Throws unless it holds. */
  static void require(boolean holds, Supplier<String> otherwise) {
    if (!holds) {
      throw new ProofFailedException(otherwise.get());
    }
  }

  /** Throws, and says what differs, unless both hold the same. */
  static <T> void requireSame(Set<T> expected, Set<T> found, String what) {
    requireWithin(expected, found, what + " are missing");
    requireWithin(found, expected, what + " are too many");
  }

  /** Throws, and says which, unless all of them are in the whole. */
  static <T> void requireWithin(Collection<T> all, Set<T> whole, String ifNot) {
    List<T> outside = all.stream().filter(each -> !whole.contains(each)).toList();
    require(
        outside.isEmpty(),
        () ->
            outside.size()
                + " "
                + ifNot
                + ", the first "
                + outside.subList(0, Math.min(MOST_SHOWN, outside.size())));
  }

  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }
}
