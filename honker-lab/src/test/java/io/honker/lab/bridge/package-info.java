/** Bridges over real brokers, by the contract of the kit. */
@NullMarked
package io.honker.lab.bridge;

import org.jspecify.annotations.NullMarked;
