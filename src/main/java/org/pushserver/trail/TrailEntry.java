// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.trail;

import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.pushserver.push.AppKey;

/**
 * What is known of one push, from its request to its end; or of a request that was refused at the
 * door, as far as it could be read. Immutable; any thread. Text is never null: empty when it is not
 * known.
 *
 * @param id of the push; of a refused request one of its own
 * @param at when it was accepted or refused, milliseconds since the epoch
 * @param endedAt when it ended, the same; equal to {@code at} for a refused request, 0 while it has
 *     not ended
 * @param end how it ended; null while it has not
 * @param app the application; null when a refused request did not name one
 * @param event its name on the wire, such as {@code incoming_session}
 * @param callId as received
 * @param from who calls or writes, as received
 * @param account whose phone it is for: the callee, without {@code sip:} and parameters, in lower
 *     case; see {@link Accounts#of}
 * @param device the device-id
 * @param token the beginning of the token, as {@code Device.shortToken} has it
 * @param tokenHash the whole token, so that it can be searched for and not be read; see {@link
 *     TokenHash}; 0 without a token
 * @param sender who asked: address, and the name of the API key
 * @param code what the caller was answered: an HTTP status; 0 while it has not ended
 * @param reason the last word of the push service, or ours; empty for a delivered push
 * @param attempts how often the push service was asked
 * @param steps what happened, in order
 * @param node the server of a cluster that it was found at; empty when there is one server
 */
public record TrailEntry(
    UUID id,
    long at,
    long endedAt,
    TrailEnd end,
    AppKey app,
    String event,
    String callId,
    String from,
    String account,
    String device,
    String token,
    long tokenHash,
    String sender,
    int code,
    String reason,
    int attempts,
    List<TrailStep> steps,
    String node) {
  public TrailEntry {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(event, "event");
    Objects.requireNonNull(callId, "callId");
    Objects.requireNonNull(from, "from");
    Objects.requireNonNull(account, "account");
    Objects.requireNonNull(device, "device");
    Objects.requireNonNull(token, "token");
    Objects.requireNonNull(sender, "sender");
    Objects.requireNonNull(reason, "reason");
    steps = List.copyOf(steps);
    Objects.requireNonNull(node, "node");
  }

  /** The same with other steps. */
  public TrailEntry with(List<TrailStep> others) {
    return with(end, others, node);
  }

  /** The same, without what happened on the way. */
  public TrailEntry withoutSteps() {
    return with(end, List.of(), node);
  }

  /** The same, found at a server of a cluster. */
  public TrailEntry foundAt(String server) {
    return with(end, steps, server);
  }

  /** The same, as one that has ended so, or has not. */
  TrailEntry ended(TrailEnd how) {
    return with(how, steps, node);
  }

  private TrailEntry with(TrailEnd newEnd, List<TrailStep> newSteps, String newNode) {
    return new TrailEntry(
        id, at, endedAt, newEnd, app, event, callId, from, account, device, token, tokenHash,
        sender, code, reason, attempts, newSteps, newNode);
  }

  /** Whether this was a request that never became a push. */
  public boolean isDoorRefusal() {
    return end == TrailEnd.NOT_LET_IN;
  }
}
