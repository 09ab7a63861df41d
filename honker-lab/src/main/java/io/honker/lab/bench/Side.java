package io.honker.lab.bench;

import java.nio.file.Path;

/** Runs a case once, in a folder of its own. */
@FunctionalInterface
interface Side {

  Figure run(Path folder) throws Exception;
}
