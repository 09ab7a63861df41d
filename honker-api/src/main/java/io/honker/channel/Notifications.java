package io.honker.channel;

import java.util.List;

/**
 * The stored notifications of all channels. Safe for use by multiple threads.
 *
 * @since 0.1.0
 */
public interface Notifications {

  /**
   * Lists the channels that have a stored notification.
   *
   * @return a snapshot in alphabetical order
   */
  List<String> channels();

  /**
   * Counts the stored notifications.
   *
   * @return the exact count
   */
  long count();

  /**
   * Deletes stored notifications of all channels in one transaction. Listeners that have not read
   * them are told (see {@link NotificationHandler#missed}).
   *
   * @param options what to delete
   * @return how many were deleted
   */
  long prune(PruneOptions options);
}
