/** Named tasks over queues (rule Q-12): a call of a task is a job whose payload is an envelope. */
@NullMarked
package io.honker.runtime.task;

import org.jspecify.annotations.NullMarked;
