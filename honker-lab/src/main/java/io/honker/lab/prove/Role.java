package io.honker.lab.prove;

import java.util.List;

/** What a child process does. */
interface Role {

  /** Plays it until told to stop, or killed. */
  void play(List<String> arguments, Parent parent) throws Exception;
}
