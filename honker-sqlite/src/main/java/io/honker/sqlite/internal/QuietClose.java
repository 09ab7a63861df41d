package io.honker.sqlite.internal;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Closes what is no longer needed, where a failure to close changes nothing any more. */
final class QuietClose {

  private static final Logger LOG = LoggerFactory.getLogger("io.honker.sqlite");

  private QuietClose() {}

  static void close(@Nullable AutoCloseable resource) {
    if (resource == null) {
      return;
    }
    try {
      resource.close();
    } catch (Exception e) {
      LOG.warn("closing {} failed", resource, e);
    }
  }
}
