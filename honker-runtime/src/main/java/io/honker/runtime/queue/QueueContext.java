package io.honker.runtime.queue;

import io.honker.codec.TypeRef;
import io.honker.queue.QueueOptions;
import io.honker.runtime.engine.EngineTransaction;
import io.honker.runtime.loop.CommitSignals;
import io.honker.runtime.loop.WakeKey;

/** What a handle knows of its queue. */
record QueueContext<T>(
    String name, TypeRef<T> type, QueueOptions options, LimitedQueues limited, WakeKey wakeKey) {

  QueueContext(String name, TypeRef<T> type, QueueOptions options, LimitedQueues limited) {
    this(name, type, options, limited, WakeKey.queue(name));
  }

  /** Whether somebody may wait for a job of this queue to end, so as to claim another. */
  boolean isLimited() {
    return limited.contains(name);
  }

  /** Tells that a job has ended. */
  void signalEnd(CommitSignals signals, long jobId) {
    signals.signal(WakeKey.jobEnd(jobId));
    if (isLimited()) {
      signals.signal(wakeKey);
    }
  }

  /** Tells, after the commit, that a job has ended. */
  void touchEnd(EngineTransaction tx, long jobId) {
    tx.touch(WakeKey.jobEnd(jobId));
    if (isLimited()) {
      tx.touch(wakeKey);
    }
  }
}
