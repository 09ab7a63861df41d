package io.honker.tck;

import io.honker.Honker;
import java.io.IOException;
import java.io.InputStream;

/**
 * Loads the runtime and a store once more, so that a database can be opened by two runtimes that
 * share no memory, as two processes do. The api, drivers and everything else are the same classes.
 *
 * @since 0.1.0
 */
public final class SecondRuntime extends ClassLoader {

  private final String store;

  private SecondRuntime(Class<? extends Honker.Provider> provider) {
    super(provider.getClassLoader());
    this.store = provider.getPackageName() + ".";
  }

  /**
   * Loads a store's provider anew, with all of the store's packages and the runtime.
   *
   * @param provider the provider's class, in the store's topmost package
   * @return a provider that shares nothing with the one given
   */
  public static Honker.Provider of(Class<? extends Honker.Provider> provider) {
    try {
      return (Honker.Provider)
          new SecondRuntime(provider).loadClass(provider.getName()).getConstructor().newInstance();
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("no second runtime of " + provider, e);
    }
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    if (!name.startsWith("io.honker.runtime.") && !name.startsWith(store)) {
      return super.loadClass(name, resolve);
    }
    synchronized (getClassLoadingLock(name)) {
      Class<?> loaded = findLoadedClass(name);
      return loaded != null ? loaded : define(name);
    }
  }

  private Class<?> define(String name) throws ClassNotFoundException {
    try (InputStream bytes = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
      if (bytes == null) {
        throw new ClassNotFoundException(name);
      }
      byte[] code = bytes.readAllBytes();
      return defineClass(name, code, 0, code.length);
    } catch (IOException e) {
      throw new ClassNotFoundException(name, e);
    }
  }
}
