package io.honker.sqlite;

import io.honker.Honker;
import java.io.IOException;
import java.io.InputStream;

/**
 * Loads the runtime and the store once more, so that a file can be opened by two runtimes that
 * share no memory, as two processes do. The api, the driver and everything else are the same
 * classes.
 */
final class SecondRuntime extends ClassLoader {

  private SecondRuntime(ClassLoader parent) {
    super(parent);
  }

  static Honker.Provider provider() {
    try {
      return (Honker.Provider)
          new SecondRuntime(SecondRuntime.class.getClassLoader())
              .loadClass(SqliteProvider.class.getName())
              .getConstructor()
              .newInstance();
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("no second runtime", e);
    }
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    if (!name.startsWith("io.honker.runtime.") && !name.startsWith("io.honker.sqlite.")) {
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
