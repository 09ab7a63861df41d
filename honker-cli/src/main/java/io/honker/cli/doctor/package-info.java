/**
 * What can be wrong with a database: each check looks with plain SQL on a connection that refuses
 * writes, and tells {@link io.honker.cli.doctor.Finding}s. {@link io.honker.cli.doctor.Doctor} runs
 * them all.
 */
@NullMarked
package io.honker.cli.doctor;

import org.jspecify.annotations.NullMarked;
