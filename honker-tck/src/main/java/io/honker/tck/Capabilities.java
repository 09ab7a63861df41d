package io.honker.tck;

import java.util.EnumSet;
import java.util.Set;

/**
 * What a store can do beyond what every store must. The only thing that skips a test of this kit.
 *
 * <p>Immutable.
 *
 * @param supported what it can do
 * @since 0.1.0
 */
public record Capabilities(Set<Capability> supported) {

  /** Copies the set. */
  public Capabilities {
    supported = Set.copyOf(supported);
  }

  /**
   * Returns the capabilities of a store that can do everything, so that no test is skipped.
   *
   * @return all capabilities
   */
  public static Capabilities all() {
    return new Capabilities(EnumSet.allOf(Capability.class));
  }

  /**
   * Takes capabilities away.
   *
   * @param missing what the store cannot do
   * @return a changed copy
   */
  public Capabilities without(Capability... missing) {
    EnumSet<Capability> left = EnumSet.noneOf(Capability.class);
    left.addAll(supported);
    for (Capability capability : missing) {
      left.remove(capability);
    }
    return new Capabilities(left);
  }

  /**
   * Tells whether the store can do something.
   *
   * @param capability what to ask for
   * @return true if it can
   */
  public boolean has(Capability capability) {
    return supported.contains(capability);
  }
}
