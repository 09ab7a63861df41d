package io.honker.runtime.bridge;

/** What a bridge's runner can be asked to do out of turn; kept in the bridge's row by name. */
enum BridgeRequest {
  REWIND,
  ACCEPT_LOSS
}
