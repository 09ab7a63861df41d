package io.honker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.honker.error.HonkerConfigurationException;
import io.honker.observe.HonkerObserver;
import io.honker.spi.LocatedProvider;
import io.honker.time.SystemClock;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Proxy;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.security.cert.Certificate;
import java.util.List;
import java.util.Map;
import java.util.ServiceConfigurationError;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Finding the store: with class loaders whose META-INF/services each test writes itself. */
class ProviderDiscoveryTest {

  private static final String MADE = "honker.test.providersMade";

  @TempDir private Path services;

  @BeforeEach
  void forget() {
    System.clearProperty(MADE);
  }

  /** Takes {@code fake:} locations. What it opens tells only the location and the store's name. */
  public static class FakeProvider implements Honker.Provider {

    public FakeProvider() {
      System.setProperty(MADE, "yes");
    }

    @Override
    public String name() {
      return "fake";
    }

    @Override
    public int spiVersion() {
      return SPI_VERSION;
    }

    @Override
    public boolean accepts(String location) {
      return location.startsWith("fake:");
    }

    @Override
    public Honker open(HonkerSettings settings) {
      DatabaseInfo info = new DatabaseInfo(settings.location(), name(), "id", 0, 0);
      return (Honker)
          Proxy.newProxyInstance(
              Honker.class.getClassLoader(),
              new Class<?>[] {Honker.class},
              (proxy, method, arguments) -> method.getName().equals("info") ? info : null);
    }
  }

  /** Takes the same locations under another name. */
  public static final class TwinProvider extends FakeProvider {
    @Override
    public String name() {
      return "twin";
    }
  }

  /** Says that it was compiled against a later api. */
  public static final class LaterProvider extends FakeProvider {
    @Override
    public String name() {
      return "later";
    }

    @Override
    public int spiVersion() {
      return SPI_VERSION + 1;
    }

    @Override
    public boolean accepts(String location) {
      return location.startsWith("later:");
    }
  }

  /** Cannot be made. */
  public static final class BrokenProvider extends FakeProvider {
    public BrokenProvider() {
      throw new IllegalStateException("the driver is missing");
    }
  }

  /** Needs a class that is not there. */
  public static final class UnlinkedProvider extends FakeProvider {
    public UnlinkedProvider() {
      throw new NoClassDefFoundError("org/driver/Missing");
    }
  }

  /** Is listed although it is no provider. */
  public static final class Stranger {}

  private void install(Object... lines) throws IOException {
    Path file = services.resolve("META-INF/services/" + Honker.Provider.class.getName());
    Files.createDirectories(file.getParent());
    Files.write(
        file,
        List.of(lines).stream()
            .map(line -> line instanceof Class<?> type ? type.getName() : line.toString())
            .toList());
  }

  /**
   * Sees what was installed and makes the providers of this test itself: in a class loader of its
   * own they are in no named module, and so found by their service file as those of a plain jar
   * are.
   */
  private static final class Crafted extends URLClassLoader {

    private final URL place;

    Crafted(URL place) {
      super("crafted", new URL[] {place}, ProviderDiscoveryTest.class.getClassLoader());
      this.place = place;
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (!name.startsWith(ProviderDiscoveryTest.class.getName() + "$")) {
        return super.loadClass(name, resolve);
      }
      synchronized (getClassLoadingLock(name)) {
        Class<?> loaded = findLoadedClass(name);
        return loaded != null ? loaded : define(name);
      }
    }

    private Class<?> define(String name) throws ClassNotFoundException {
      try (InputStream bytes = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
        byte[] code = bytes.readAllBytes();
        return defineClass(name, code, 0, code.length, new CodeSource(place, (Certificate[]) null));
      } catch (IOException e) {
        throw new ClassNotFoundException(name, e);
      }
    }
  }

  /** Opens with a context class loader that sees what was installed. */
  private DatabaseInfo open(Honker.Builder builder) throws IOException {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    try (Crafted loader = new Crafted(url())) {
      thread.setContextClassLoader(loader);
      return builder.open().info();
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  private URL url() throws MalformedURLException {
    return services.toUri().toURL();
  }

  private HonkerConfigurationException refused(Honker.Builder builder) {
    HonkerConfigurationException refusal =
        catchThrowableOfType(HonkerConfigurationException.class, () -> open(builder));
    assertThat(refusal).as("the refusal").isNotNull();
    assertThat(refusal.code()).isEqualTo("HNK-CONFIG");
    return refusal;
  }

  // ---- found

  @Test
  void open_withOneThatAccepts_usesIt() throws IOException {
    install(FakeProvider.class, LaterProvider.class);

    DatabaseInfo opened = open(Honker.builder("fake:app"));

    assertThat(opened.location()).isEqualTo("fake:app");
    assertThat(opened.store()).isEqualTo("fake");
  }

  @Test
  void open_withName_usesItWhateverTheLocation() throws IOException {
    install(FakeProvider.class, TwinProvider.class);

    DatabaseInfo opened = open(Honker.builder("app.db").provider("twin"));

    assertThat(opened.location()).isEqualTo("app.db");
    assertThat(opened.store()).isEqualTo("twin");
  }

  @Test
  void open_withExplicitProvider_doesNotScan() throws IOException {
    install(FakeProvider.class, TwinProvider.class);
    Honker.Provider explicit = new LaterProvider();
    System.clearProperty(MADE);

    DatabaseInfo opened = open(Honker.builder("any where").provider(explicit));

    assertThat(opened.store()).isEqualTo("later");
    assertThat(System.getProperty(MADE)).as("providers made by a scan").isNull();
  }

  @ParameterizedTest
  @ValueSource(classes = {BrokenProvider.class, UnlinkedProvider.class, Stranger.class})
  void open_withBrokenOneBeside_findsTheOther(Class<?> broken) throws IOException {
    install(broken, FakeProvider.class);

    assertThat(open(Honker.builder("fake:app")).store()).isEqualTo("fake");
  }

  @ParameterizedTest
  @ValueSource(strings = {"io.honker.NoSuchProvider", "# a comment", ""})
  void open_withUselessLineBeside_findsTheOther(String line) throws IOException {
    install(line, FakeProvider.class);

    assertThat(open(Honker.builder("fake:app")).store()).isEqualTo("fake");
  }

  // ---- what the provider is given

  /** Keeps what it was asked to open with. */
  private static final class Keeping extends FakeProvider {
    private HonkerSettings settings;

    @Override
    public Honker open(HonkerSettings asked) {
      settings = asked;
      return super.open(asked);
    }
  }

  @Test
  void open_withoutOptions_handsOverTheDefaults() {
    Keeping provider = new Keeping();

    Honker.builder("fake:app").provider(provider).open().close();

    HonkerSettings settings = provider.settings;
    assertThat(settings.location()).isEqualTo("fake:app");
    assertThat(settings.clock()).isSameAs(SystemClock.instance());
    assertThat(settings.codec()).isEmpty();
    assertThat(settings.observer()).isSameAs(HonkerObserver.NONE);
    assertThat(settings.maxPayloadBytes()).isEqualTo(1 << 20);
    assertThat(settings.storeOptions()).isEmpty();
  }

  @Test
  void open_withStoreOptions_handsOverACopy() {
    Keeping provider = new Keeping();
    Honker.Builder builder =
        Honker.builder("fake:app").provider(provider).storeOption("synchronous", "FULL");

    builder.open().close();
    Map<String, String> given = provider.settings.storeOptions();
    builder.storeOption("readers", "2");

    assertThat(given).containsOnly(Map.entry("synchronous", "FULL"));
  }

  // ---- not found

  @Test
  void open_ofUnknownScheme_namesSchemeLoaderInstalledAndArtifact() throws IOException {
    install(FakeProvider.class);

    assertThat(refused(Honker.builder("jdbc:derby:app")))
        .hasMessageContaining("takes \"jdbc:derby:app\"")
        .hasMessageContaining("scheme jdbc:derby:")
        .hasMessageContaining("class loader")
        .hasMessageContaining("fake (" + FakeProvider.class.getName())
        .hasMessageContaining("; correct that, or add the artifact io.honker:honker-sqlite");
  }

  @Test
  void open_ofPathWithNothingInstalled_saysSo() throws IOException {
    install();

    assertThat(refused(Honker.builder("app.db")))
        .hasMessageContaining("scheme none, a path")
        .hasMessageContaining("installed: none; add the artifact io.honker:honker-sqlite");
  }

  @Test
  void open_ofUrlWithUserAndPort_namesTheSchemeOnly() throws IOException {
    install();

    assertThat(refused(Honker.builder("jdbc:derby://host:1527/app")))
        .hasMessageContaining("(scheme jdbc:derby:)");
  }

  @Test
  void open_ofUrlWithPassword_doesNotShowIt() throws IOException {
    install();

    assertThat(refused(Honker.builder("jdbc:derby://app:hunter2@host/app")))
        .hasMessageNotContaining("hunter2");
  }

  @Test
  void open_withUnknownName_namesItAndWhatIsThere() throws IOException {
    install(FakeProvider.class, TwinProvider.class);

    assertThat(refused(Honker.builder("fake:app").provider("postgres")))
        .hasMessageContaining("named \"postgres\"")
        .hasMessageContaining("fake (")
        .hasMessageContaining("twin (");
  }

  @Test
  void open_whenTheOnlyOneIsBroken_saysWhy() throws IOException {
    install(BrokenProvider.class);

    HonkerConfigurationException refusal = refused(Honker.builder("fake:app"));

    assertThat(refusal)
        .hasMessageContaining("broken: ")
        .hasMessageContaining(BrokenProvider.class.getName())
        .hasCauseInstanceOf(ServiceConfigurationError.class)
        .hasRootCauseMessage("the driver is missing");
  }

  // ---- too many, or of another age

  @Test
  void open_withTwoThatAccept_listsBothWithTheirPlaces() throws IOException {
    install(FakeProvider.class, TwinProvider.class);
    String place = url().toString();

    assertThat(refused(Honker.builder("fake:app")))
        .hasMessageContaining("several providers take \"fake:app\"")
        .hasMessageContaining(
            "fake (" + FakeProvider.class.getName() + ", unknown version, " + place)
        .hasMessageContaining(
            "twin (" + TwinProvider.class.getName() + ", unknown version, " + place)
        .hasMessageContaining("provider(name)");
  }

  @Test
  void open_withOneOfAnotherInterfaceVersion_namesBothVersions() throws IOException {
    install(LaterProvider.class);

    assertThat(refused(Honker.builder("later:app")))
        .hasMessageContaining("provider interface " + (LocatedProvider.SPI_VERSION + 1))
        .hasMessageContaining("has " + LocatedProvider.SPI_VERSION)
        .hasMessageContaining("honker-bom");
  }

  // ---- what is wrong before any search

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "\t\n"})
  void open_ofBlankLocation_isRefused(String location) {
    assertThatThrownBy(() -> Honker.open(location))
        .isInstanceOf(HonkerConfigurationException.class)
        .hasMessageContaining("location is blank");
  }

  @Test
  void open_withSeveralWrongOptions_listsAll() throws IOException {
    install(FakeProvider.class);

    assertThat(refused(Honker.builder(" ").maxPayloadBytes(0)).problems())
        .hasSize(2)
        .anyMatch(problem -> problem.contains("location is blank"))
        .anyMatch(problem -> problem.contains("maxPayloadBytes must be at least 1, not 0"));
  }

  @Test
  void builder_withNulls_isRefusedAtOnce() {
    Honker.Builder builder = Honker.builder("fake:app");

    assertThatThrownBy(() -> Honker.builder(null)).isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> Honker.open((Path) null)).isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> builder.clock(null)).isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> builder.codec(null)).isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> builder.observer(null)).isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> builder.storeOption("name", null))
        .isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> builder.provider((String) null))
        .isInstanceOf(NullPointerException.class);
  }
}
