// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.bus;

import io.vertx.core.MultiMap;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Objects;

/**
 * What the server has answered of the stored devices of an account. Immutable; any thread.
 *
 * @param code as over HTTP: 200 it is done; of a push, at least one device took it, or was found
 *     dead and forgotten. 202 the pushes were accepted. 404 the account, or the device, is not
 *     stored
 * @param description in words
 * @param pushes of a push: how each ended, one for each device; else empty
 * @param retryAfter seconds after which to ask again; 0 when nothing is said about it
 * @param reply all that the server answered: {@code {code, description, data}}
 */
public record AccountResult(
    int code, String description, List<PushResult> pushes, int retryAfter, JsonObject reply) {
  private static final int NOT_FOUND = 404;
  private static final int TOO_MANY = 429;
  private static final int UNAVAILABLE = 503;

  /**
   * @throws NullPointerException when something is null; it names it
   */
  public AccountResult {
    Objects.requireNonNull(description, "description");
    pushes = List.copyOf(pushes);
    Objects.requireNonNull(reply, "reply");
  }

  /** What a reply says. */
  static AccountResult of(JsonObject reply, MultiMap headers) {
    PushResult whole = PushResult.of(reply, headers);
    List<PushResult> pushes =
        reply.getValue("data") instanceof JsonArray devices
            ? devices.stream()
                .filter(JsonObject.class::isInstance)
                .map(JsonObject.class::cast)
                .map(AccountResult::push)
                .toList()
            : List.of();
    return new AccountResult(
        whole.code(), whole.description(), pushes, whole.retryAfter(), whole.reply());
  }

  private static PushResult push(JsonObject device) {
    JsonObject reply =
        new JsonObject()
            .put("code", device.getValue("code"))
            .put("description", "push notification response")
            .put("data", device);
    return PushResult.of(reply, MultiMap.caseInsensitiveMultiMap());
  }

  /** {@return whether it was done, or accepted: codes 200 to 299} */
  public boolean isGood() {
    return code / 100 == 2;
  }

  /** {@return whether nothing is stored of the account, or not this device} */
  public boolean isUnknown() {
    return code == NOT_FOUND;
  }

  /**
   * Whether nothing is wrong with the request, and it may be sent again after {@link #retryAfter},
   * or after a second when that is 0.
   *
   * @return true for 429 and 503
   */
  public boolean mayRetry() {
    return code == TOO_MANY || code == UNAVAILABLE;
  }

  /** Fit for a log: no token. */
  @Override
  public String toString() {
    return "AccountResult[code=%s, description=%s, pushes=%s, retryAfter=%s]"
        .formatted(code, description, pushes, retryAfter);
  }
}
