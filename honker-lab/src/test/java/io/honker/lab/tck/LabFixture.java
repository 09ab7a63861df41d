package io.honker.lab.tck;

import io.honker.Honker;
import io.honker.observe.HonkerObserver;
import io.honker.tck.Capabilities;
import io.honker.tck.Capability;
import io.honker.tck.StoreFixture;
import io.honker.time.HonkerClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A SQLite store with something broken. */
final class LabFixture extends StoreFixture {

  private final Path folder;
  private final Breaker breaker;

  LabFixture(Breaker breaker) {
    super(new Capabilities(java.util.Set.of(Capability.SINGLE_WRITER)));
    this.breaker = breaker;
    try {
      this.folder = Files.createTempDirectory("honker-lab");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  protected Honker openStore(HonkerClock clock, HonkerObserver observer) {
    String file = folder.resolve("lab.db").toString();
    return breaker.wrap(Honker.builder(file).clock(clock).observer(observer).open());
  }

  @Override
  protected void delete() {
    try (Stream<Path> tree = Files.walk(folder)) {
      List<Path> deepestFirst = tree.sorted(Comparator.reverseOrder()).toList();
      for (Path path : deepestFirst) {
        Files.delete(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
