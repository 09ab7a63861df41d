/**
 * How the production code must be cut, as rules that run in every build.
 *
 * <p>Each rule has a folder of fixtures below {@code fixtures}, named after its id. In there every
 * class whose name starts with {@code Bad} breaks the rule, and no class whose name starts with
 * {@code Fine} does; a rule without such a folder fails the build.
 */
@NullMarked
package io.honker.lab.arch;

import org.jspecify.annotations.NullMarked;
