/**
 * Real servers for tests: child processes on free ports of the loopback interface, with folders of
 * their own, that can be killed, restarted and made to hang. They end with the process that started
 * them. Where a server is not installed, tests are skipped, or fail if {@code CI=true}.
 */
@NullMarked
package io.honker.brokers;

import org.jspecify.annotations.NullMarked;
