package io.honker.channel;

/**
 * Is called with notifications.
 *
 * @param <T> the payload type
 * @since 0.1.0
 */
@FunctionalInterface
public interface NotificationHandler<T> {

  /**
   * Handles one notification. A handler that throws is told to the observer, and the next
   * notification follows: there is no second delivery.
   *
   * @param notification the notification
   * @throws Exception to have the failure reported
   */
  void handle(Notification<T> notification) throws Exception;

  /**
   * Is told of notifications that were pruned before this listener read them. Does nothing unless
   * overridden.
   *
   * @param missed what was missed
   */
  default void missed(MissedNotifications missed) {}
}
