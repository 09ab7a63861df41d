package io.honker.transport;

import java.util.List;

/**
 * A log of events kept by a broker, shared by any number of sources and readers. Within a source
 * events stand in the order in which they were appended, none twice and none left out (rule B-1).
 *
 * <p>All calls block until the broker answered, for not much more than the transport's timeout, and
 * none but {@link RemoteReader#poll} throws {@link InterruptedException}: an interrupted thread
 * waits on or gets a retryable {@link TransportException}, its flag set. Safe for use by multiple
 * threads; for one source one thread at a time appends, others only cost time.
 *
 * @since 0.1.0
 */
public interface RemoteLog {

  /**
   * Returns the log's name.
   *
   * @return the name
   */
  String name();

  /**
   * Returns how far the log has the events of a source, as the broker says now.
   *
   * @param source the source
   * @return the offset of its last event in the log, 0 if there is none
   * @throws TransportException if the broker did not answer; usually retryable
   */
  long lastOffset(Source source);

  /**
   * Appends events of one source, in order, behind the one that the log has last: what stands there
   * already is skipped, and if the log's last one is neither the first one's {@code previousOffset}
   * nor among the events, nothing is appended. The comparison and the appending are one step for
   * the broker. So a batch that is sent again, because its answer was lost or late, does not stand
   * in the log twice, whenever either of the two is carried out.
   *
   * @param source the source
   * @param events events that follow each other, at least one
   * @return the offset of the source's last event in the log after the call: that of the last event
   *     given if all were appended or stood there already; another one shows where the log is
   * @throws IllegalArgumentException if the events do not follow each other
   * @throws TransportException if the broker refused or did not answer. Of the events none, some of
   *     the first ones, or all may be in the log then or later, never one without those before it;
   *     {@link #lastOffset} tells
   */
  long append(Source source, List<RemoteEvent> events);

  /**
   * Starts reading for a group, of which each event is handed to one member until it is
   * acknowledged. A group that is new begins with the oldest event that the log has.
   *
   * @param group the group's name, letters, digits and {@code - _}
   * @param member the member's name, unique in the group, letters, digits and {@code - _}; keep it
   *     when the member comes back
   * @return a reader; close it
   * @throws IllegalArgumentException if a name has other characters
   * @throws TransportException if the broker did not answer, or has a group of this name that is
   *     set up in another way, naming the differences
   */
  RemoteReader reader(String group, String member);
}
