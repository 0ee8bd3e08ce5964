// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.route;

import io.vertx.core.http.GoAway;
import org.pushserver.spi.Reason;

/**
 * How a connection ends: what the peer and Vert.x said of it, why it was left, and which of its
 * requests the peer may have looked at. Event loop only.
 */
final class Parting {
  private String lost = "the push service closed the connection";
  private String why;
  private int lastStreamId = Integer.MAX_VALUE;
  private boolean wasToldToGo;

  /**
   * The peer will take no more requests.
   *
   * @return what it said, in an operator's words
   */
  String goAway(GoAway frame) {
    // Copied here and now: its buffer belongs to the connection.
    lastStreamId = frame.getLastStreamId();
    wasToldToGo = frame.getErrorCode() == 0;
    String said = frame.getDebugData() == null ? "" : PeerWords.of(frame.getDebugData().toString());
    return "the push service closes the connection"
        + (wasToldToGo ? "" : ", error " + frame.getErrorCode())
        + (said.isEmpty() ? "" : ", and says " + said);
  }

  /** It is broken, as it is about to tell by closing. */
  void broken(Throwable cause) {
    if (cause.getMessage() != null) {
      lost = "the connection was lost: " + PeerWords.of(Reason.of(cause));
    }
  }

  /** What happened to a connection that nobody left, in an operator's words. */
  String lost() {
    return lost;
  }

  /**
   * Takes it out of service.
   *
   * @param reason in an operator's words
   * @return false when it was before; then the first reason stands
   */
  boolean begin(String reason) {
    if (why != null) {
      return false;
    }
    why = reason;
    return true;
  }

  boolean hasBegun() {
    return why != null;
  }

  /** Why it was left; when it was not, what happened to it. */
  String why() {
    return why == null ? lost : why;
  }

  /** The last stream that the peer may have looked at. */
  int lastStreamId() {
    return lastStreamId;
  }

  /**
   * How many of its requests the peer has taken, as far as we know.
   *
   * @param requests that were begun
   */
  int taken(int requests) {
    // The first stream is number 3, then every second.
    return lastStreamId == Integer.MAX_VALUE ? requests : Math.min(requests, lastStreamId / 2);
  }

  /** Whether the peer asked us to leave it. */
  boolean wasToldToGo() {
    return wasToldToGo;
  }
}
