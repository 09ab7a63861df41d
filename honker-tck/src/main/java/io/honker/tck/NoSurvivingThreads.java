package io.honker.tck;

import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/**
 * Fails a test after which a thread of honker's lives on: one whose name begins with {@code
 * honker-} and that the test started. Use it as {@code @ExtendWith(NoSurvivingThreads.class)} where
 * every test closes what it opens.
 *
 * @since 0.1.0
 */
public final class NoSurvivingThreads implements BeforeEachCallback, AfterEachCallback {

  private static final Namespace NAMESPACE = Namespace.create(NoSurvivingThreads.class);
  private static final String BEFORE = "before";

  /** Creates the extension; JUnit does. */
  public NoSurvivingThreads() {}

  @Override
  public void beforeEach(ExtensionContext context) {
    context.getStore(NAMESPACE).put(BEFORE, threads());
  }

  @Override
  public void afterEach(ExtensionContext context) {
    Set<?> before = context.getStore(NAMESPACE).get(BEFORE, Set.class);
    Eventually.awaitTrue(
        () -> "the end of threads that outlive their test: " + survivors(before),
        () -> survivors(before).isEmpty());
  }

  private static Set<Thread> survivors(Set<?> before) {
    return threads().stream()
        .filter(thread -> !before.contains(thread))
        .collect(Collectors.toSet());
  }

  private static Set<Thread> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("honker-"))
        .collect(Collectors.toSet());
  }
}
