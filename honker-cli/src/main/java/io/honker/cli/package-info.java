/**
 * The command line tool. Each command is one class that extends {@link
 * io.honker.cli.DatabaseCommand}; results and errors leave through {@link io.honker.cli.Output}.
 */
@NullMarked
package io.honker.cli;

import org.jspecify.annotations.NullMarked;
