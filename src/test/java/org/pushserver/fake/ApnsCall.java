// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.fake;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;

/**
 * One request that came to {@link ApnsPeer}, and what became of it. It ends once; what is said to
 * it afterwards is ignored. Any thread.
 */
public final class ApnsCall {
  /** What became of a request, as far as the peer can know. */
  public enum Fate {
    /** It waits for its answer. */
    OPEN,
    /** The push was taken. */
    TAKEN,
    /** The push was refused for good. */
    REFUSED,
    /** The request was not processed, or the push told to come again. */
    DEFERRED,
    /** No whole answer went out: the sender cannot know what became of the push. */
    UNKNOWN;

    /** Whether the same push may come again. */
    boolean mayComeAgain() {
      return this == DEFERRED || this == UNKNOWN;
    }
  }

  private static final long REFUSED_STREAM = 7;

  private final String id;
  private final String token;
  private final int streamId;
  private Fate fate = Fate.OPEN;

  /** Null when it has ended: a hundred thousand of them are kept. */
  private HttpServerRequest request;

  ApnsCall(HttpServerRequest request) {
    this.request = request;
    id = String.valueOf(request.getHeader("apns-id"));
    token = request.path().substring(request.path().lastIndexOf('/') + 1);
    streamId = request.streamId();
    request.exceptionHandler(cause -> lose());
    request.response().closeHandler(closed -> lose());
  }

  /** The push, the same over all its attempts. */
  public String id() {
    return id;
  }

  /** The device token. */
  public String token() {
    return token;
  }

  public int streamId() {
    return streamId;
  }

  public synchronized Fate fate() {
    return fate;
  }

  private synchronized HttpServerResponse end(Fate end) {
    if (fate != Fate.OPEN) {
      return null;
    }
    fate = end;
    HttpServerResponse response = request.response();
    request = null;
    return response;
  }

  /** Takes the push. */
  public void take() {
    HttpServerResponse response = end(Fate.TAKEN);
    if (response != null) {
      response.end();
    }
  }

  /** Tells the push to come again. */
  public void defer(int status, String reason) {
    defer(status, reason, null);
  }

  /**
   * Tells the push to come again.
   *
   * @param retryAfter null for none
   */
  public void defer(int status, String reason, String retryAfter) {
    HttpServerResponse response = end(Fate.DEFERRED);
    if (response != null) {
      if (retryAfter != null) {
        response.putHeader("retry-after", retryAfter);
      }
      say(response, status, reason);
    }
  }

  /** Refuses the push for good. */
  public void refuse(int status, String reason) {
    HttpServerResponse response = end(Fate.REFUSED);
    if (response != null) {
      say(response, status, reason);
    }
  }

  private static void say(HttpServerResponse response, int status, String reason) {
    response.setStatusCode(status).end("{\"reason\":\"" + reason + "\"}");
  }

  /** Refuses the stream: nothing was processed. */
  public void refuseStream() {
    reset(REFUSED_STREAM);
  }

  /** Ends the stream with an error code of RFC 9113, section 7. */
  public void reset(long code) {
    HttpServerResponse response = end(code == REFUSED_STREAM ? Fate.DEFERRED : Fate.UNKNOWN);
    if (response != null) {
      response.reset(code);
    }
  }

  /** Takes the push: sends the head of the answer and a piece of its body, never the end. */
  @CanIgnoreReturnValue
  public Future<Void> begin() {
    HttpServerResponse response = end(Fate.TAKEN);
    return response == null
        ? Future.succeededFuture()
        : response.setChunked(true).write("{\"reason\":");
  }

  /** Leaves it unanswered: a behaviour, for tests that answer later or never. */
  public void keep() {
    // Nothing happens.
  }

  /** The sender has been told that it was not processed. */
  void disown() {
    HttpServerResponse unused = end(Fate.DEFERRED);
  }

  private void lose() {
    HttpServerResponse unused = end(Fate.UNKNOWN);
  }

  @Override
  public String toString() {
    return id + " " + fate();
  }
}
