// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.ingress;

/** A request that ends at the door, with the status and the words for its caller. */
final class Refusal extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final boolean unfinished;
  private final int retryAfter;
  private final String callId;

  /**
   * @param status 4xx or 503
   * @param description fit for a log: printable, bounded, without a whole device token
   */
  Refusal(int status, String description) {
    this(status, description, false, 0, "");
  }

  private Refusal(
      int status, String description, boolean unfinished, int retryAfter, String callId) {
    // Without a stack trace: a caller's mistake is a value, and an attacker's are many.
    super(description, null, false, false);
    this.status = status;
    this.unfinished = unfinished;
    this.retryAfter = retryAfter;
    this.callId = callId;
  }

  static Refusal badRequest(String description) {
    return new Refusal(400, description);
  }

  static Refusal notFound(String description) {
    return new Refusal(404, description);
  }

  /** Without a key, or with one that is not known. */
  static Refusal unauthorized(String description) {
    return new Refusal(401, description);
  }

  /**
   * @param perSecond what is allowed
   * @param retryAfter seconds until the next request is
   */
  static Refusal tooMany(int perSecond, int retryAfter) {
    return new Refusal(
        429,
        "Too many requests: " + perSecond + " per second are allowed, and a burst after a pause",
        false,
        retryAfter,
        "");
  }

  /** Of a request that nobody will read to its end. */
  static Refusal ofUnfinished(int status, String description) {
    return ofUnfinished(status, description, 0);
  }

  /**
   * Of a request that nobody will read to its end, and that may be sent again.
   *
   * @param retryAfter seconds after which
   */
  static Refusal ofUnfinished(int status, String description, int retryAfter) {
    return new Refusal(status, description, true, retryAfter, "");
  }

  /** The same, about a request whose call-id is known: somebody may search the log for it. */
  Refusal about(String newCallId) {
    return new Refusal(status, description(), unfinished, retryAfter, newCallId);
  }

  /** The call-id of the request, as received; empty when it is not known. */
  String callId() {
    return callId;
  }

  int status() {
    return status;
  }

  String description() {
    return getMessage();
  }

  /** Whether nobody will read the request to its end, so that what carries it must be closed. */
  boolean isUnfinished() {
    return unfinished;
  }

  /** Seconds after which to try again; 0 to say nothing about it. */
  int retryAfter() {
    return retryAfter;
  }
}
