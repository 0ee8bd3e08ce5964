// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.api;

import io.vertx.core.Future;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.pushserver.dispatch.RecentPush;
import org.pushserver.dispatch.RecentPushes;
import org.pushserver.observe.RequestMeters.Refused;
import org.pushserver.push.AppKey;
import org.pushserver.trail.Trail;
import org.pushserver.trail.TrailBusyException;
import org.pushserver.trail.TrailEntry;
import org.pushserver.trail.TrailQuery;

/**
 * Finds the push that an acknowledgement is of: among those of the last minutes, else in the trail,
 * if there is one. What is of an application that the asker may not use is as if it were not there.
 * Any thread.
 */
final class AckMatch {
  /** More than the pushes of a call. */
  private static final int MOST_OF_CALL = 200;

  private static final int BUSY_S = 1;

  private final RecentPushes sent;
  private final Optional<Trail> trail;

  AckMatch(RecentPushes sent, Optional<Trail> trail) {
    this.sent = sent;
    this.trail = trail;
  }

  /**
   * Finds it among those of the last minutes.
   *
   * @param allowed whose pushes the asker may speak of
   * @return empty when there is none; fails with a {@link RequestRefused} when it may be one of
   *     several
   */
  Optional<Future<KnownPush>> recent(Ack ack, Predicate<AppKey> allowed) {
    List<KnownPush> recent = found(ack, allowed).stream().map(KnownPush::of).toList();
    return recent.isEmpty() ? Optional.empty() : Optional.of(one(recent, ack));
  }

  /**
   * Finds it in the trail.
   *
   * @param allowed whose pushes the asker may speak of
   * @return fails with a {@link RequestRefused} when there is none, or it may be one of several
   */
  Future<KnownPush> older(Ack ack, Predicate<AppKey> allowed) {
    if (trail.isEmpty() || ack.callId() == null) {
      return Future.failedFuture(unknown(ack));
    }
    TrailQuery query =
        TrailQuery.all(app -> app != null && allowed.test(app), MOST_OF_CALL).ofCall(ack.callId());
    return trail
        .get()
        .search(query)
        .recover(cause -> Future.failedFuture(refused(cause, ack)))
        .compose(page -> one(older(page.entries(), ack), ack));
  }

  /** Whoever acknowledges can say it again: a list may name more old calls than are looked for. */
  private static Throwable refused(Throwable cause, Ack ack) {
    return cause instanceof TrailBusyException
        ? RequestRefused.unavailable(cause.getMessage(), BUSY_S).about(ack.about())
        : cause;
  }

  private List<RecentPush> found(Ack ack, Predicate<AppKey> allowed) {
    return ack.id() == null
        ? sent.find(ack.callId(), ack.deviceId(), ack.registered(), allowed)
        : sent.find(ack.id()).filter(push -> allowed.test(push.app())).stream().toList();
  }

  /** Of each phone the newest ring, else the newest push. */
  private static List<KnownPush> older(List<TrailEntry> newestFirst, Ack ack) {
    Map<String, KnownPush> found = new LinkedHashMap<>();
    for (boolean rings : new boolean[] {true, false}) {
      for (TrailEntry entry : newestFirst) {
        if (entry.app() != null && !entry.isDoorRefusal() && isRing(entry) == rings) {
          KnownPush push = KnownPush.of(entry);
          if (isMeant(push, ack)) {
            found.putIfAbsent(push.app() + " " + entry.device() + entry.tokenHash(), push);
          }
        }
      }
    }
    return List.copyOf(found.values());
  }

  private static boolean isRing(TrailEntry entry) {
    return entry.event().startsWith("incoming");
  }

  private static boolean isMeant(KnownPush push, Ack ack) {
    return ack.id() == null
        ? ack.deviceId() == null || ack.deviceId().equals(push.comparedId())
        : ack.id().equals(push.id());
  }

  private static Future<KnownPush> one(List<KnownPush> found, Ack ack) {
    return switch (found.size()) {
      case 0 -> Future.failedFuture(unknown(ack));
      case 1 -> Future.succeededFuture(found.get(0));
      default ->
          Future.failedFuture(
              RequestRefused.badRequest(
                      "Field 'device-id', 'contact' or 'token' required: %s phones were pushed for this call-id"
                          .formatted(found.size()))
                  .about(ack.about()));
    };
  }

  private static RequestRefused unknown(Ack ack) {
    return new RequestRefused(
            404,
            Refused.OTHER,
            "No such push is known: it is too old, or another key's, or was never sent")
        .about(ack.about());
  }
}
