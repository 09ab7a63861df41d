package io.honker.runtime;

import io.honker.Honker;
import io.honker.error.HonkerConfigurationException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * The databases that this JVM has open: opening one again gives the same runtime, counted by
 * reference (rule F-8). A provider keeps one of these.
 */
public final class OpenRuntimes {

  private static final class Shared {
    private final Honker runtime;
    private final Map<String, Object> options;
    private int references = 1;

    Shared(Honker runtime, Map<String, Object> options) {
      this.runtime = runtime;
      this.options = options;
    }
  }

  private final ReentrantLock lock = new ReentrantLock();
  private final Map<Object, Shared> open = new HashMap<>();

  /** Makes an empty registry. */
  public OpenRuntimes() {}

  /**
   * Opens a database, or gives another handle of the one that is open.
   *
   * @param key what identifies the database in this JVM
   * @param options every option by name, compared with those of the open runtime
   * @param opener opens it if it is not open
   * @throws HonkerConfigurationException if it is open with other options, naming each
   */
  public Honker open(Object key, Map<String, Object> options, Supplier<Honker> opener) {
    lock.lock();
    try {
      Shared shared = open.get(key);
      if (shared == null) {
        shared = new Shared(opener.get(), Map.copyOf(options));
        open.put(key, shared);
      } else {
        refuseConflict(shared.options, options);
        shared.references++;
      }
      return new HonkerHandle(shared.runtime, () -> release(key));
    } finally {
      lock.unlock();
    }
  }

  private static void refuseConflict(Map<String, Object> have, Map<String, Object> want) {
    List<String> problems = new ArrayList<>();
    TreeSet<String> names = new TreeSet<>(have.keySet());
    names.addAll(want.keySet());
    for (String name : names) {
      if (!Objects.equals(have.get(name), want.get(name))) {
        problems.add(
            "this JVM has the database open already with "
                + name
                + " = "
                + have.get(name)
                + ", which cannot be changed to "
                + want.get(name)
                + "; use the same options, or close the other handle first");
      }
    }
    if (!problems.isEmpty()) {
      throw new HonkerConfigurationException(problems, null);
    }
  }

  /** Closes the runtime with its last handle, under the lock: a new open waits for the end. */
  private void release(Object key) {
    lock.lock();
    try {
      Shared shared = Objects.requireNonNull(open.get(key), "released twice");
      shared.references--;
      if (shared.references == 0) {
        open.remove(key);
        shared.runtime.close();
      }
    } finally {
      lock.unlock();
    }
  }
}
