package io.honker.lab.prove;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a killed process had told: lines {@code b THREAD STEP WHAT} before a step, {@code e THREAD
 * STEP WHAT} after it, {@code n NOTE ABOUT} besides.
 */
final class Transcript {

  /** One step: its name, and what it was about. */
  record Step(String name, String what) {

    List<Long> ids() {
      return what.isEmpty()
          ? List.of()
          : List.of(what.split(",")).stream().map(Long::valueOf).toList();
    }
  }

  private final int lines;
  private final List<Step> begun = new ArrayList<>();
  private final List<Step> ended = new ArrayList<>();
  private final List<Step> notes = new ArrayList<>();
  private final Map<String, Step> open = new LinkedHashMap<>();

  Transcript(List<String> lines) {
    this.lines = lines.size();
    lines.forEach(this::read);
  }

  private void read(String line) {
    String[] words = line.split(" ", 4);
    switch (words[0]) {
      case "b" -> {
        Step step = new Step(words[2], words[3]);
        begun.add(step);
        open.put(words[1], step);
      }
      case "e" -> {
        ended.add(new Step(words[2], words[3]));
        open.remove(words[1]);
      }
      case "n" -> notes.add(new Step(words[1], line.substring(3 + words[1].length())));
      default -> throw new ProofFailedException("a child process said: " + line);
    }
  }

  int lines() {
    return lines;
  }

  List<Step> begun(String name) {
    return begun.stream().filter(step -> step.name().equals(name)).toList();
  }

  List<Step> ended(String name) {
    return ended.stream().filter(step -> step.name().equals(name)).toList();
  }

  List<Step> notes(String name) {
    return notes.stream().filter(step -> step.name().equals(name)).toList();
  }

  /** The steps that had begun and not ended. */
  Collection<Step> open() {
    return open.values();
  }
}
