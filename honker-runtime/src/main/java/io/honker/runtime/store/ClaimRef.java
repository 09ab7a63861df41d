package io.honker.runtime.store;

/**
 * Whose claim on which job: the fence of every later write (rule Q-5).
 *
 * @param id the job
 * @param workerId the owner
 * @param attempt the claimed attempt
 */
public record ClaimRef(long id, String workerId, int attempt) {}
