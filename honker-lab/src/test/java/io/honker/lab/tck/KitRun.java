package io.honker.lab.tck;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.engine.JupiterTestEngine;
import org.junit.platform.engine.ConfigurationParameters;
import org.junit.platform.engine.DiscoveryFilter;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.engine.EngineDiscoveryRequest;
import org.junit.platform.engine.EngineExecutionListener;
import org.junit.platform.engine.ExecutionRequest;
import org.junit.platform.engine.OutputDirectoryCreator;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.UniqueId;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.engine.support.store.Namespace;
import org.junit.platform.engine.support.store.NamespacedHierarchicalStore;

/** Runs some tests of a contract inside a test and tells how they ended. */
final class KitRun implements EngineExecutionListener {

  private final TreeMap<String, TestExecutionResult> results = new TreeMap<>();

  private KitRun() {}

  /**
   * Runs tests of a contract class.
   *
   * @param contract a concrete subclass of a contract
   * @param methods which of its tests
   */
  static KitRun of(Class<?> contract, String... methods) {
    List<DiscoverySelector> selectors = new ArrayList<>();
    for (String method : methods) {
      selectors.add(DiscoverySelectors.selectMethod(contract, method));
    }
    KitRun run = new KitRun();
    JupiterTestEngine engine = new JupiterTestEngine();
    TestDescriptor root =
        engine.discover(new Request(selectors), UniqueId.forEngine(engine.getId()));
    try (NamespacedHierarchicalStore<Namespace> session = new NamespacedHierarchicalStore<>(null);
        NamespacedHierarchicalStore<Namespace> store = session.newChild()) {
      engine.execute(ExecutionRequest.create(root, run, new NoParameters(), new NoOutput(), store));
    }
    if (run.results.size() != methods.length) {
      throw new AssertionError("asked for " + List.of(methods) + ", ran " + run.results.keySet());
    }
    return run;
  }

  /** The names of the tests that failed. */
  Set<String> failed() {
    TreeMap<String, TestExecutionResult> failed = new TreeMap<>(results);
    failed.values().removeIf(r -> r.getStatus() == TestExecutionResult.Status.SUCCESSFUL);
    return failed.keySet();
  }

  /** What a test failed with. */
  Throwable failureOf(String method) {
    TestExecutionResult result = results.get(method);
    return Optional.ofNullable(result)
        .flatMap(TestExecutionResult::getThrowable)
        .orElseThrow(() -> new AssertionError(method + " did not fail: " + result));
  }

  @Override
  public void executionFinished(TestDescriptor test, TestExecutionResult result) {
    test.getSource()
        .filter(MethodSource.class::isInstance)
        .map(MethodSource.class::cast)
        .ifPresent(source -> results.put(source.getMethodName(), result));
  }

  private record Request(List<DiscoverySelector> selectors) implements EngineDiscoveryRequest {

    @Override
    public <T extends DiscoverySelector> List<T> getSelectorsByType(Class<T> type) {
      return selectors.stream().filter(type::isInstance).map(type::cast).toList();
    }

    @Override
    public <T extends DiscoveryFilter<?>> List<T> getFiltersByType(Class<T> type) {
      return List.of();
    }

    @Override
    public ConfigurationParameters getConfigurationParameters() {
      return new NoParameters();
    }

    @Override
    public OutputDirectoryCreator getOutputDirectoryCreator() {
      return new NoOutput();
    }
  }

  private static final class NoParameters implements ConfigurationParameters {

    @Override
    public Optional<String> get(String key) {
      return Optional.empty();
    }

    @Override
    public Optional<Boolean> getBoolean(String key) {
      return Optional.empty();
    }

    @Override
    @SuppressWarnings("deprecation")
    public int size() {
      return 0;
    }

    @Override
    public Set<String> keySet() {
      return Set.of();
    }
  }

  private static final class NoOutput implements OutputDirectoryCreator {

    @Override
    public Path getRootDirectory() {
      throw new UnsupportedOperationException("the kit writes no files");
    }

    @Override
    public Path createOutputDirectory(TestDescriptor test) {
      throw new UnsupportedOperationException("the kit writes no files");
    }
  }
}
