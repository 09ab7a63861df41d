package io.honker.queue;

/**
 * What became of a unique enqueue.
 *
 * <p>Immutable.
 *
 * @param jobId the new job's id, or that of the job that has the key
 * @param duplicate whether the key was taken, so that nothing was enqueued
 * @since 0.1.0
 */
public record EnqueueResult(long jobId, boolean duplicate) {}
