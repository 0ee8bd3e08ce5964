// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.trail;

import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.pushserver.push.AppKey;

/**
 * What is searched for: entries that fit all that is given, newest first. Immutable. Empty text,
 * and an empty set, stand for any.
 *
 * @param scope what the asker may see
 * @param push the id of the one push; null for any
 * @param callId exactly
 * @param account exactly, as {@link Accounts#of} has it
 * @param device the device-id, exactly
 * @param tokenHash 0 for any
 * @param appId exactly
 * @param platform exactly
 * @param ends how it ended
 * @param reason a part of the reason, whatever its case
 * @param from the earliest {@code at}, milliseconds since the epoch
 * @param to the latest {@code at}, exclusive, the same; {@link Long#MAX_VALUE} for any
 * @param cursor where a former page ended; empty for the first page
 * @param limit the most entries wanted, 1 … {@link #MOST}
 */
public record TrailQuery(
    TrailScope scope,
    UUID push,
    String callId,
    String account,
    String device,
    long tokenHash,
    String appId,
    String platform,
    Set<TrailEnd> ends,
    String reason,
    long from,
    long to,
    String cursor,
    int limit) {
  /** So many entries fit a page. */
  public static final int MOST = 1000;

  public TrailQuery {
    Objects.requireNonNull(scope, "scope");
    ends = Set.copyOf(ends);
    if (limit < 1 || limit > MOST) {
      throw new IllegalArgumentException("limit: " + limit);
    }
  }

  /** Everything that the scope has. */
  public static TrailQuery all(TrailScope scope, int limit) {
    return new TrailQuery(
        scope, null, "", "", "", 0, "", "", Set.of(), "", 0, Long.MAX_VALUE, "", limit);
  }

  /**
   * Whether an entry is one that is asked for; the cursor and the limit aside. A scope is asked
   * first: nothing of what it hides decides anything.
   */
  public boolean fits(TrailEntry entry) {
    return scope.sees(entry.app())
        && (push == null || push.equals(entry.id()))
        && (callId.isEmpty() || callId.equals(entry.callId()))
        && (account.isEmpty() || account.equals(entry.account()))
        && (device.isEmpty() || device.equals(entry.device()))
        && (tokenHash == 0 || tokenHash == entry.tokenHash())
        && fitsApplication(entry.app())
        && (ends.isEmpty() || (entry.end() != null && ends.contains(entry.end())))
        && entry.at() >= from
        && entry.at() < to
        && holds(entry.reason(), reason);
  }

  private boolean fitsApplication(AppKey app) {
    return (appId.isEmpty() || (app != null && appId.equals(app.appId())))
        && (platform.isEmpty() || (app != null && platform.equals(app.platform())));
  }

  private static boolean holds(String text, String part) {
    int last = text.length() - part.length();
    for (int i = 0; i <= last; i++) {
      if (text.regionMatches(true, i, part, 0, part.length())) {
        return true;
      }
    }
    return false;
  }

  /** The same of one push. */
  public TrailQuery ofPush(UUID wanted) {
    return new TrailQuery(
        scope, wanted, callId, account, device, tokenHash, appId, platform, ends, reason, from, to,
        cursor, limit);
  }

  /** The same of one call. */
  public TrailQuery ofCall(String wanted) {
    return new TrailQuery(
        scope, push, wanted, account, device, tokenHash, appId, platform, ends, reason, from, to,
        cursor, limit);
  }

  /** The same of one application, before a time. */
  public TrailQuery of(AppKey app, long before) {
    return new TrailQuery(
        scope,
        push,
        callId,
        account,
        device,
        tokenHash,
        app.appId(),
        app.platform(),
        ends,
        reason,
        from,
        before,
        cursor,
        limit);
  }

  /** The same, from where a former page ended. */
  public TrailQuery after(String page) {
    return new TrailQuery(
        scope, push, callId, account, device, tokenHash, appId, platform, ends, reason, from, to,
        page, limit);
  }

  /**
   * The same, with other bounds.
   *
   * @param most 1 … {@link #MOST}
   */
  public TrailQuery atMost(int most) {
    return new TrailQuery(
        scope, push, callId, account, device, tokenHash, appId, platform, ends, reason, from, to,
        cursor, most);
  }
}
