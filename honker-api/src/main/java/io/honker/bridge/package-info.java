/**
 * Bridges between the streams and channels of this database and those of other machines, over a
 * broker that the application already runs (rules B-2 to B-6). The local stream stays the truth of
 * its machine; a {@link io.honker.transport.Transport} is the way to the others.
 */
@NullMarked
package io.honker.bridge;

import org.jspecify.annotations.NullMarked;
