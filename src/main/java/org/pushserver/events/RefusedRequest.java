// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.events;

import java.util.Objects;
import org.pushserver.push.AppKey;

/**
 * A request, or one device of it, that ended at the door. Text is printable, bounded and never
 * null: empty when it is not known.
 *
 * @param callId as received
 * @param app the application that it named, as far as there is such a one; null for none
 * @param status HTTP status that its sender was told
 * @param sender who asked: address, and the name of the API key if that was known
 * @param asked what for: method and path
 * @param reason what is wrong, in words for its sender
 */
public record RefusedRequest(
    String callId, AppKey app, int status, String sender, String asked, String reason) {
  public RefusedRequest {
    Objects.requireNonNull(callId, "callId");
    Objects.requireNonNull(sender, "sender");
    Objects.requireNonNull(asked, "asked");
    Objects.requireNonNull(reason, "reason");
  }
}
