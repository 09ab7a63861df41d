package io.honker.runtime.store;

/** A member's hold on a slot, as it was when the slot was taken. */
public record SlotRef(int slot, String member, long epoch) {}
