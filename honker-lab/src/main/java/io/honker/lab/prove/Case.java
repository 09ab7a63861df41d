package io.honker.lab.prove;

/** Something that is claimed, and how it is tried. */
interface Case {

  /** How many rounds these settings ask for. */
  int rounds(Settings settings);

  /** How many faults must hit for the proof to count. */
  default int faults(Settings settings) {
    return rounds(settings);
  }

  /**
   * Tries it.
   *
   * @throws ProofFailedException if the claim does not hold
   */
  void prove(Settings settings, Faults faults, Workspace workspace) throws Exception;
}
