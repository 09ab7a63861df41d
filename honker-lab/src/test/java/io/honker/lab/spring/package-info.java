/** The data source under Spring's JDBC, and behind a pool. */
@org.jspecify.annotations.NullMarked
package io.honker.lab.spring;
