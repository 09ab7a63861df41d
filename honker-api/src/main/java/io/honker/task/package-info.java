/**
 * Named tasks with arguments, in the envelope that honker's other bindings use, so that each side
 * can call the other's tasks (rule Q-12). Builds on queues: a task call is a job.
 */
@NullMarked
package io.honker.task;

import org.jspecify.annotations.NullMarked;
