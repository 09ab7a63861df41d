package io.honker.runtime.bridge;

import io.honker.transport.Broadcast;

/** What a channel bridge was started with. */
record ChannelSettings(
    String name,
    String channel,
    String remoteChannel,
    Broadcast broadcast,
    boolean sends,
    boolean receives) {}
