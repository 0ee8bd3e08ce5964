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
 */
public record Response(int code, String reason, String url, String body) {
  public Response {
    if (code < 100 || code > 599) {
      throw new IllegalArgumentException("not an HTTP status: " + code);
    }
    Objects.requireNonNull(reason, "reason");
    Objects.requireNonNull(url, "url");
    Objects.requireNonNull(body, "body");
  }
}
