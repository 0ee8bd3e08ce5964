// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.ingress;

import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import java.util.concurrent.TimeUnit;
import org.pushserver.api.RequestRefused;
import org.pushserver.spi.Time;

/**
 * The bodies that are arriving, oldest first: none takes longer than a connection may be idle, and
 * all together they do not fill the memory. Confined to one event loop.
 */
final class BodyIntake {
  private static final long MIB = 1024 * 1024;

  /** Bytes of bodies that are incomplete: more than honest clients, fewer than the memory has. */
  private static final long MOST_HELD =
      Math.min(16 * MIB, Math.max(MIB, Runtime.getRuntime().maxMemory() / 16));

  private final Time time;
  private Body oldest;
  private Body newest;
  private long held;

  BodyIntake(Time time) {
    this.time = time;
  }

  /**
   * Reads a whole body. Call it in the handler of the request, before its body arrives.
   *
   * @param limit bytes that it may have
   * @return fails with a {@link RequestRefused}: 413 when it is too long, 408 when it takes too
   *     long, 400 when it broke off, 503 when too much is arriving
   */
  Future<byte[]> read(HttpServerRequest request, int limit) {
    Body body = new Body(this, request, limit, time.nanos());
    body.before = newest;
    if (newest == null) {
      oldest = body;
    } else {
      newest.after = body;
    }
    newest = body;
    return body.read();
  }

  /** A body is complete, or given up. */
  void remove(Body body) {
    if (body.before == null) {
      oldest = body.after;
    } else {
      body.before.after = body.after;
    }
    if (body.after == null) {
      newest = body.before;
    } else {
      body.after.before = body.before;
    }
  }

  /** Makes room for more bytes; false when there is none. */
  boolean hold(int bytes) {
    if (held + bytes > MOST_HELD) {
      return false;
    }
    held += bytes;
    return true;
  }

  /** Bytes that are held no longer. */
  void release(int bytes) {
    held -= bytes;
  }

  /** Gives up the bodies that have been arriving for so long. */
  void sweep(long limitNanos) {
    long now = time.nanos();
    while (oldest != null && now - oldest.since() >= limitNanos) {
      // Takes itself off the list.
      oldest.giveUp(
          RequestRefused.ofUnfinished(
              408,
              "The body did not arrive within "
                  + TimeUnit.NANOSECONDS.toSeconds(limitNanos)
                  + " seconds"));
    }
  }
}
