// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.api;

import org.pushserver.events.RefusedRequest;
import org.pushserver.observe.RequestMeters.Refused;
import org.pushserver.push.AppKey;

/** A request that ends at the door, with the status and the words for its caller. */
public final class RequestRefused extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final boolean unfinished;
  private final int retryAfter;
  private final String callId;
  private final Refused why;
  private final boolean form;

  /** Null when it named none. */
  private final transient AppKey app;

  /**
   * @param status 4xx, 500 or 503
   * @param description fit for a log: printable, bounded, without a whole device token
   */
  public RequestRefused(int status, String description) {
    this(status, null, description, false, 0, "");
  }

  /**
   * @param why in one word, where the status alone does not say it
   */
  public RequestRefused(int status, Refused why, String description) {
    this(status, why, description, false, 0, "");
  }

  private RequestRefused(
      int status,
      Refused why,
      String description,
      boolean unfinished,
      int retryAfter,
      String callId) {
    this(status, why, description, unfinished, retryAfter, callId, false, null);
  }

  private RequestRefused(
      int status,
      Refused why,
      String description,
      boolean unfinished,
      int retryAfter,
      String callId,
      boolean form,
      AppKey app) {
    // Without a stack trace: a caller's mistake is a value, and an attacker's are many.
    super(description, null, false, false);
    this.status = status;
    this.unfinished = unfinished;
    this.retryAfter = retryAfter;
    this.callId = callId;
    this.why = why == null ? byStatus(status) : why;
    this.form = form;
    this.app = app;
  }

  private static Refused byStatus(int status) {
    return switch (status) {
      case 400, 415 -> Refused.MALFORMED;
      case 401 -> Refused.KEY;
      case 403 -> Refused.KEY_SCOPE;
      case 404 -> Refused.APPLICATION;
      case 405 -> Refused.METHOD;
      case 408 -> Refused.SLOW;
      case 413, 414, 431 -> Refused.TOO_LONG;
      case 429 -> Refused.RATE;
      case 503 -> Refused.CROWDED;
      default -> Refused.OTHER;
    };
  }

  /** The request is wrong. */
  public static RequestRefused badRequest(String description) {
    return new RequestRefused(400, description);
  }

  /** What has failed on our side, of one of the devices of a request. */
  static RequestRefused fault() {
    RequestAnswer broken = RequestAnswer.broken();
    return new RequestRefused(broken.status(), broken.description());
  }

  /**
   * The device's only token for such a push is dead, and nobody needs to be asked about that again.
   *
   * @param event what was to be pushed
   */
  static RequestRefused deadForAllButCalls(String event) {
    return new RequestRefused(
        410,
        Refused.DEVICE,
        "The device's token for all but calls is dead: no '"
            + event
            + "' reaches it until its app registers again");
  }

  /** Nothing is under the path that was asked for. */
  public static RequestRefused unknownPath(String description) {
    return new RequestRefused(404, Refused.PATH, description);
  }

  /** No such application. */
  public static RequestRefused notFound(String description) {
    return new RequestRefused(404, description);
  }

  /**
   * What works again when somebody has put it right.
   *
   * @param retryAfter seconds after which to try again
   */
  public static RequestRefused unavailable(String description, int retryAfter) {
    return new RequestRefused(503, Refused.APPLICATION, description, false, retryAfter, "");
  }

  /**
   * Tokens are stored where nobody can get at them now.
   *
   * @param reason why, and what to do
   * @param retryAfter seconds after which to try again
   */
  static RequestRefused storeUnusable(String reason, int retryAfter) {
    return new RequestRefused(
        503, Refused.STORE, "Stored tokens cannot be used: " + reason, false, retryAfter, "");
  }

  /** Without a key, or with one that is not known. */
  public static RequestRefused unauthorized(String description) {
    return new RequestRefused(401, description);
  }

  /**
   * Too many requests of one caller.
   *
   * @param perSecond what is allowed
   * @param retryAfter seconds until the next request is
   */
  public static RequestRefused tooMany(int perSecond, int retryAfter) {
    return new RequestRefused(
        429,
        null,
        "Too many requests: " + perSecond + " per second are allowed, and a burst after a pause",
        false,
        retryAfter,
        "");
  }

  /**
   * More than is read of one request.
   *
   * @param limit bytes that its body may have
   */
  public static RequestRefused bodyTooLong(int limit) {
    return new RequestRefused(413, tooLong(limit));
  }

  /** The same, and nobody will read it to its end. */
  public static RequestRefused bodyTooLongToRead(int limit) {
    return ofUnfinished(413, tooLong(limit));
  }

  private static String tooLong(int limit) {
    return "The body is too long; at most " + limit + " bytes are allowed";
  }

  /** Of a request that nobody will read to its end. */
  public static RequestRefused ofUnfinished(int status, String description) {
    return ofUnfinished(status, description, 0);
  }

  /**
   * Of a request that nobody will read to its end, and that may be sent again.
   *
   * @param retryAfter seconds after which
   */
  public static RequestRefused ofUnfinished(int status, String description, int retryAfter) {
    return new RequestRefused(status, null, description, true, retryAfter, "");
  }

  /** The same, about a request whose call-id is known: somebody may search the log for it. */
  public RequestRefused about(String newCallId) {
    return new RequestRefused(
        status, why, description(), unfinished, retryAfter, newCallId, form, app);
  }

  /** The same, about a request that wants its answer as a form. */
  RequestRefused inForm() {
    return form
        ? this
        : new RequestRefused(status, why, description(), unfinished, retryAfter, callId, true, app);
  }

  /** The same, about a request that named an application. */
  RequestRefused of(AppKey named) {
    return new RequestRefused(
        status, why, description(), unfinished, retryAfter, callId, form, named);
  }

  /** The application that the request named; null when it named none that there is. */
  public AppKey app() {
    return app;
  }

  /**
   * The same for whoever keeps a record of it.
   *
   * @param sender who asked
   * @param asked what for: method and path
   */
  public RefusedRequest request(String sender, String asked) {
    return new RefusedRequest(callId, app, status, sender, asked, description());
  }

  /** Whether the request asked for its answer as a form. */
  public boolean isInForm() {
    return form;
  }

  /** The call-id of the request, as received; empty when it is not known. */
  public String callId() {
    return callId;
  }

  /** The same in one word, for whoever counts. */
  public Refused why() {
    return why;
  }

  /** 4xx, 500 or 503. */
  public int status() {
    return status;
  }

  /** What is wrong, in words for its sender. */
  public String description() {
    return getMessage();
  }

  /** Whether nobody will read the request to its end, so that what carries it must be closed. */
  public boolean isUnfinished() {
    return unfinished;
  }

  /** Seconds after which to try again; 0 to say nothing about it. */
  public int retryAfter() {
    return retryAfter;
  }
}
