package io.honker.runtime.stream;

import io.honker.codec.TypeRef;
import io.honker.runtime.loop.WakeKey;

/** What everything of one topic handle shares. */
record TopicContext<T>(String topic, TypeRef<T> type) {

  WakeKey wakeKey() {
    return WakeKey.topic(topic);
  }
}
