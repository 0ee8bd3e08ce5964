// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.push;

import java.util.Objects;
import java.util.UUID;

/**
 * One notification to one device, on its way.
 *
 * @param id the same over all attempts, so that the push service and its logs can recognise it
 * @param app the application it is for
 * @param device where it goes
 * @param event what happened
 * @param callId the call-id of the SIP dialogue or message; may be empty, never null
 * @param details what the phone is told
 * @param bornAt when it was accepted, milliseconds since the epoch
 * @param deadline when it becomes worthless, milliseconds since the epoch; it is never sent after
 *     that
 * @param request the JSON that it was made from; null unless somebody will want to see it
 * @param asker who asked for it: whatever says so as text, and never changes; null when that is not
 *     known
 */
public record Push(
    UUID id,
    AppKey app,
    Device device,
    Event event,
    String callId,
    Details details,
    long bornAt,
    long deadline,
    String request,
    Object asker) {

  public Push {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(app, "app");
    Objects.requireNonNull(device, "device");
    Objects.requireNonNull(event, "event");
    Objects.requireNonNull(callId, "callId");
    Objects.requireNonNull(details, "details");
    if (deadline < bornAt) {
      throw new IllegalArgumentException("deadline lies before birth");
    }
  }

  /**
   * One that keeps nothing of its request, nor who asked.
   *
   * @param id the same over all attempts
   * @param app the application it is for
   * @param device where it goes
   * @param event what happened
   * @param callId may be empty, never null
   * @param details what the phone is told
   * @param bornAt when it was accepted, milliseconds since the epoch
   * @param deadline when it becomes worthless, milliseconds since the epoch
   */
  public Push(
      UUID id,
      AppKey app,
      Device device,
      Event event,
      String callId,
      Details details,
      long bornAt,
      long deadline) {
    this(id, app, device, event, callId, details, bornAt, deadline, null, null);
  }

  /**
   * Whether somebody waits for what the phone does with it. Only of a wake-up the sender has to say
   * so: with the reason {@code urgent}, or one that begins with {@code mid-} or {@code ini-}, as
   * SIP proxies name what waits for a registration.
   *
   * @return whether it is to reach the phone now, and not when it suits the battery
   */
  public boolean isUrgent() {
    String reason = details.reason();
    return event.kind() != Kind.WAKE
        || (reason != null
            && (reason.equals("urgent") || reason.startsWith("mid-") || reason.startsWith("ini-")));
  }

  /**
   * Who asked for it: address, and the name of the API key.
   *
   * @return null when that is not known
   */
  public String sender() {
    // Made only when somebody wants it: most pushes end without.
    Object who = asker instanceof DoorAsker elsewhere ? elsewhere.asker() : asker;
    return who == null ? null : who.toString();
  }

  /**
   * The account that it was asked for by.
   *
   * @return null when its sender named a device
   */
  public String account() {
    Object who = asker instanceof DoorAsker elsewhere ? elsewhere.asker() : asker;
    return who instanceof AccountAsker one ? one.account() : null;
  }

  /**
   * The server of a cluster whose door took it, when that is not the one that has it.
   *
   * @return null when it came in here, or that is not known
   */
  public String door() {
    return asker instanceof DoorAsker elsewhere ? elsewhere.door() : null;
  }

  /**
   * The same push, taken by the door of another server of the cluster, unless that is known.
   *
   * @param server its name
   * @return one with a {@link #door}
   */
  public Push takenAt(String server) {
    return door() != null
        ? this
        : new Push(
            id,
            app,
            device,
            event,
            callId,
            details,
            bornAt,
            deadline,
            request,
            new DoorAsker(asker, server));
  }

  /**
   * The same push by a clock that has been set forward by so many milliseconds, or back.
   *
   * @param byMs how far, in milliseconds; negative when it has been set back
   * @return one with another birth and deadline
   */
  public Push moved(long byMs) {
    return new Push(
        id, app, device, event, callId, details, bornAt + byMs, deadline + byMs, request, asker);
  }

  /**
   * What of its life is left at {@code now} (milliseconds since the epoch), in milliseconds; never
   * negative.
   *
   * @param now milliseconds since the epoch
   * @return milliseconds
   */
  public long remaining(long now) {
    return Math.max(0, deadline - now);
  }
}
