/** Notify and listen: short-lived messages to whoever listens now (rule S-6). */
@NullMarked
package io.honker.channel;

import org.jspecify.annotations.NullMarked;
