/**
 * Honker's SQL functions over the tables it shares (rule F-6), and the DDL of those tables. They
 * follow the original to the letter: names, arguments, results and error texts are its, so that SQL
 * written for one runs on the other.
 */
@NullMarked
package io.honker.sqlite.functions;

import org.jspecify.annotations.NullMarked;
