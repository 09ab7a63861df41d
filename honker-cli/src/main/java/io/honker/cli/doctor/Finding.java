package io.honker.cli.doctor;

import org.jspecify.annotations.Nullable;

/**
 * One thing that the doctor found.
 *
 * @param id stable name of the kind of finding
 * @param severity how bad it is
 * @param subject the queue, schedule, bridge or table it is about, null if the file as a whole
 * @param message what is so, in a sentence
 * @param remedy what to do about it
 */
public record Finding(
    String id, Severity severity, @Nullable String subject, String message, String remedy) {}
