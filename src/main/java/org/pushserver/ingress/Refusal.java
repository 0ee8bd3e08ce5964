// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.ingress;

/** A request that ends at the door, with the status and the words for its caller. */
final class Refusal extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final boolean unfinished;
  private final String callId;

  /**
   * @param status 4xx
   * @param description fit for a log: printable, bounded, without a whole device token
   */
  Refusal(int status, String description) {
    this(status, description, false, "");
  }

  private Refusal(int status, String description, boolean unfinished, String callId) {
    // Without a stack trace: a caller's mistake is a value, and an attacker's are many.
    super(description, null, false, false);
    this.status = status;
    this.unfinished = unfinished;
    this.callId = callId;
  }

  static Refusal badRequest(String description) {
    return new Refusal(400, description);
  }

  static Refusal notFound(String description) {
    return new Refusal(404, description);
  }

  /** Of a request that nobody will read to its end, so that its connection is of no more use. */
  static Refusal ofUnfinished(int status, String description) {
    return new Refusal(status, description, true, "");
  }

  /** The same, about a request whose call-id is known: somebody may search the log for it. */
  Refusal about(String newCallId) {
    return new Refusal(status, description(), unfinished, newCallId);
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

  /** Whether the connection must be closed after the answer. */
  boolean isUnfinished() {
    return unfinished;
  }
}
