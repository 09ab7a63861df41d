package io.honker.lab.prove;

import java.nio.file.Path;
import java.util.Random;

/** What a process is killed in the middle of, and what must hold afterwards. */
interface KillScenario {

  /**
   * The name of the role that the child plays; its arguments are the file, the round and a seed.
   */
  String role();

  /**
   * Prepares a round.
   *
   * @return the file that the child works on
   */
  Path before(int round, Random random) throws Exception;

  /** When to kill. */
  KillPoint killPoint(int round, Random random);

  /**
   * Checks what the dead process has left behind; the file is known to be sound.
   *
   * @return how many jobs it had committed something about and did not live to tell
   */
  int after(int round, Transcript transcript) throws Exception;
}
