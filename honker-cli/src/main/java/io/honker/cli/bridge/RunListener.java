package io.honker.cli.bridge;

import org.jspecify.annotations.Nullable;

/** Hears what happens while bridges run, from any thread. */
public interface RunListener {

  /**
   * A broker was reached or not, or a bridge began or stopped to do something.
   *
   * @param what "broker" or "bridge"
   * @param name its name
   * @param state in one word
   * @param detail more for people, or null
   */
  void changed(String what, String name, String state, @Nullable String detail);
}
