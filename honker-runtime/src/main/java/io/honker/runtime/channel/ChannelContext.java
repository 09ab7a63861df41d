package io.honker.runtime.channel;

import io.honker.codec.TypeRef;
import io.honker.runtime.loop.WakeKey;

/** What everything of one channel handle shares. */
record ChannelContext<T>(String name, TypeRef<T> type) {

  WakeKey wakeKey() {
    return WakeKey.channel(name);
  }
}
