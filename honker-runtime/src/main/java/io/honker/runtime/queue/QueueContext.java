package io.honker.runtime.queue;

import io.honker.codec.TypeRef;
import io.honker.queue.QueueOptions;
import io.honker.runtime.loop.WakeKey;

/** What a handle knows of its queue. */
record QueueContext<T>(String name, TypeRef<T> type, QueueOptions options, WakeKey wakeKey) {

  QueueContext(String name, TypeRef<T> type, QueueOptions options) {
    this(name, type, options, WakeKey.queue(name));
  }
}
