/** Side-by-side benchmarks: this project, a bare sqlite-jdbc loop ("raw"), and the real honker. */
@NullMarked
package io.honker.lab.bench;

import org.jspecify.annotations.NullMarked;
