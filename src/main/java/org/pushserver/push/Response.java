// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.push;

import java.util.Objects;

/**
 * What a push service said about one push, in the terms that callers know.
 *
 * @param code HTTP status for the caller, normalised: a dead token is always 410
 * @param reason the service's reason, with a word of explanation; empty when it simply took the
 *     push
 * @param url where the push was sent; empty when it never was
 * @param body JSON text of the service's answer, in the shape recorded from existing installations;
 *     an object, {@code {}} when there was none
 * @param connection the number of the connection that it came over, from 1, within the application
 *     and since the server started; 0 when it came over none, or that is not known
 */
public record Response(int code, String reason, String url, String body, long connection) {
  public Response {
    if (code < 100 || code > 599) {
      throw new IllegalArgumentException("not an HTTP status: " + code);
    }
    Objects.requireNonNull(reason, "reason");
    Objects.requireNonNull(url, "url");
    Objects.requireNonNull(body, "body");
  }

  /**
   * One that came over no connection.
   *
   * @param code HTTP status for the caller
   * @param reason the reason; empty when the push was simply taken
   * @param url where the push was sent; empty when it never was
   * @param body JSON text of an object
   */
  public Response(int code, String reason, String url, String body) {
    this(code, reason, url, body, 0);
  }

  /** Whether it says the same; over which connection it came makes it no other. */
  @Override
  public boolean equals(Object other) {
    return other instanceof Response that
        && code == that.code
        && reason.equals(that.reason)
        && url.equals(that.url)
        && body.equals(that.body);
  }

  @Override
  public int hashCode() {
    return Objects.hash(code, reason, url, body);
  }
}
