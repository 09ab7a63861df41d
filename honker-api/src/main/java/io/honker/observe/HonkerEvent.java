package io.honker.observe;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened. Each kind is a record nested here; callers must tolerate kinds they do
 * not know.
 *
 * <p>Immutable.
 *
 * @since 0.1.0
 */
public interface HonkerEvent {

  /**
   * Jobs were committed to a queue.
   *
   * @param queue the queue
   * @param count how many
   */
  record JobsEnqueued(String queue, int count) implements HonkerEvent {}

  /**
   * A worker claimed jobs.
   *
   * @param queue the queue
   * @param workerId the claiming worker
   * @param count how many
   */
  record JobsClaimed(String queue, String workerId, int count) implements HonkerEvent {}

  /**
   * A handler finished and its job was acknowledged.
   *
   * @param queue the queue
   * @param jobId the job
   * @param attempt which attempt succeeded, from 1
   * @param handlerTime how long the handler ran
   */
  record JobAcked(String queue, long jobId, int attempt, Duration handlerTime)
      implements HonkerEvent {}

  /**
   * An attempt failed and the job was put back for another.
   *
   * @param queue the queue
   * @param jobId the job
   * @param attempt which attempt failed, from 1
   * @param delay after which it is due again
   * @param error the recorded reason
   */
  record JobRetried(String queue, long jobId, int attempt, Duration delay, String error)
      implements HonkerEvent {}

  /**
   * A job went to the dead letters.
   *
   * @param queue the queue
   * @param jobId the job
   * @param attempt the last attempt, 0 if it never ran
   * @param reason the recorded reason
   */
  record JobDied(String queue, long jobId, int attempt, String reason) implements HonkerEvent {}

  /**
   * A handler's lease ended before the handler did; another worker may have the job now. Whatever
   * the late handler returns is not recorded.
   *
   * @param queue the queue
   * @param jobId the job
   * @param attempt the attempt that lost its lease
   */
  record LeaseLost(String queue, long jobId, int attempt) implements HonkerEvent {}

  /**
   * A lock was found to be lost: its lease ended before it was renewed or released.
   *
   * @param name the lock
   * @param owner who held it
   */
  record LockLost(String name, String owner) implements HonkerEvent {}

  /**
   * Events were committed to a stream.
   *
   * @param topic the topic
   * @param count how many
   */
  record EventsPublished(String topic, int count) implements HonkerEvent {}

  /**
   * A subscription's handler failed and will get the same event again.
   *
   * @param topic the topic
   * @param consumer the consumer or group
   * @param offset the event
   * @param attempt which delivery failed, from 1
   * @param delay after which it is delivered again
   * @param error the reason
   */
  record EventRetried(
      String topic, String consumer, long offset, int attempt, Duration delay, String error)
      implements HonkerEvent {}

  /**
   * A subscription gave an event up: it is a dead letter now.
   *
   * @param topic the topic
   * @param consumer the consumer or group
   * @param offset the event
   * @param jobId the dead letter's id in the queue {@code _stream:<topic>:<consumer>}
   * @param reason the recorded reason
   */
  record EventDeadLettered(String topic, String consumer, long offset, long jobId, String reason)
      implements HonkerEvent {}

  /**
   * A subscription stopped by itself before an event that it cannot get past.
   *
   * @param topic the topic
   * @param consumer the consumer or group
   * @param offset the event
   * @param reason why
   */
  record SubscriptionStopped(String topic, String consumer, long offset, String reason)
      implements HonkerEvent {}

  /**
   * A member of a consumer group was given slots of the topic.
   *
   * @param topic the topic
   * @param group the group
   * @param member the member
   * @param slots which slots, from 0
   */
  record SlotsGained(String topic, String group, String member, List<Integer> slots)
      implements HonkerEvent {}

  /**
   * A member of a consumer group no longer has slots of the topic.
   *
   * @param topic the topic
   * @param group the group
   * @param member the member
   * @param slots which slots, from 0
   * @param handedOver whether it gave them away after saving; false if its lease had ended
   */
  record SlotsLost(
      String topic, String group, String member, List<Integer> slots, boolean handedOver)
      implements HonkerEvent {}

  /**
   * A listener's handler threw, or a notification could not be decoded; the next one follows.
   *
   * @param channel the channel
   * @param id the notification
   * @param failure what was thrown
   */
  record NotificationFailed(String channel, long id, Throwable failure) implements HonkerEvent {}

  /**
   * Notifications were pruned before a listener read them.
   *
   * @param channel the channel
   * @param afterId the last id the listener had come to
   * @param upToId the last id that is known to be gone
   * @param atMost how many were missed at most, -1 if unknown
   */
  record NotificationsMissed(String channel, long afterId, long upToId, long atMost)
      implements HonkerEvent {}

  /**
   * A background loop failed and will try again.
   *
   * @param loop the loop's thread name
   * @param failure what it threw
   * @param nextTry after how long it tries again
   */
  record LoopFailed(String loop, Throwable failure, Duration nextTry) implements HonkerEvent {}

  /**
   * A schedule enqueued a job.
   *
   * @param schedule the schedule
   * @param queue the queue the job went to
   * @param jobId the job
   * @param fireAt the nominal fire time
   * @param late by how much the job is later than that
   */
  record ScheduleFired(String schedule, String queue, long jobId, Instant fireAt, Duration late)
      implements HonkerEvent {}

  /**
   * This process began or ceased to fire the schedules of one of the two tables.
   *
   * @param lock the leader's lock: {@code honker-scheduler} for the table that honker's other
   *     bindings share, {@code honkerj-scheduler} for this library's own
   * @param leads whether it leads from now on
   */
  record SchedulerLeads(String lock, boolean leads) implements HonkerEvent {}

  /**
   * A stored schedule cannot be understood and does not fire. Told once, and again when it was
   * changed and still cannot be.
   *
   * @param schedule the schedule
   * @param expression its expression as stored
   * @param reason why
   */
  record ScheduleUnreadable(String schedule, String expression, String reason)
      implements HonkerEvent {}

  /**
   * A due schedule could not enqueue its jobs, and is tried again. Others go on.
   *
   * @param schedule the schedule
   * @param failure what the store threw
   */
  record ScheduleFailed(String schedule, Throwable failure) implements HonkerEvent {}

  /**
   * The broker acknowledged events of an outbound bridge, or all of them stood there already.
   *
   * @param bridge the bridge's name
   * @param count how many local events
   * @param position the local offset up to which the broker has everything
   */
  record BridgeSent(String bridge, int count, long position) implements HonkerEvent {}

  /**
   * An inbound bridge committed events.
   *
   * @param bridge the bridge's name
   * @param count how many were new
   * @param passedOver how many were here already, or are not wanted
   */
  record BridgeReceived(String bridge, int count, int passedOver) implements HonkerEvent {}

  /**
   * A bridge that this process runs got into another state.
   *
   * @param bridge the bridge's name
   * @param state the state's name, such as {@code RUNNING} or {@code BROKEN}
   * @param detail why, or null
   */
  record BridgeStateChanged(String bridge, String state, @Nullable String detail)
      implements HonkerEvent {}

  /**
   * One thread held the writer for longer than a second; everybody else waited.
   *
   * @param thread the holder's thread name
   * @param held for how long so far
   */
  record WriterHeldLong(String thread, Duration held) implements HonkerEvent {}

  /**
   * The way other processes' commits are noticed has changed.
   *
   * @param mode {@code file-events} or {@code polling}
   * @param reason why, or null for the normal choice
   */
  record WatcherMode(String mode, @Nullable String reason) implements HonkerEvent {}

  /**
   * The database file was replaced or removed while open. Every later operation fails.
   *
   * @param path the file
   */
  record FileReplaced(String path) implements HonkerEvent {}
}
