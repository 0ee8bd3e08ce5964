// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.dialect;

import io.vertx.core.Future;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.pushserver.api.CallerCheck;
import org.pushserver.api.Field;
import org.pushserver.api.Printable;
import org.pushserver.api.PushApi;
import org.pushserver.api.RequestFields;
import org.pushserver.api.RequestRefused;
import org.pushserver.audit.PushLogLines;
import org.pushserver.log.LogLine;
import org.pushserver.push.Outcome;
import org.pushserver.spi.Time;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends the pushes of foreign requests, and waits for their ends as long as a sender would.
 * Confined to one event loop.
 */
final class ForeignPushes {
  private static final Logger LOG = LoggerFactory.getLogger("org.pushserver.push");

  private final PushApi api;
  private final CallerCheck check;
  private final String patience;

  /**
   * @param time the clock of the rate limit
   * @param patience how long a sender is kept waiting
   */
  ForeignPushes(PushApi api, Time time, Duration patience) {
    this.api = api;
    this.check = new CallerCheck(time);
    this.patience = BigDecimal.valueOf(patience.toMillis(), 3).toPlainString();
  }

  /**
   * Sends the only push of a request.
   *
   * @return does not fail
   * @throws RequestRefused when it cannot become one
   */
  Future<SentPush> one(ForeignPush push, ForeignRequest request) {
    return ended(List.of(push), List.of(send(push, request))).map(all -> all.get(0));
  }

  /**
   * Sends each push of a request for itself.
   *
   * @return in their order; does not fail
   */
  Future<List<SentPush>> each(List<ForeignPush> pushes, ForeignRequest request) {
    List<Future<ForeignEnd>> ends = new ArrayList<>(pushes.size());
    for (ForeignPush push : pushes) {
      try {
        if (!ends.isEmpty()) {
          count(request);
        }
        ends.add(send(push, request));
      } catch (RequestRefused refusal) {
        log(refusal, push, request);
        request.refusedInPart(refusal);
        ends.add(Future.succeededFuture(ForeignEnd.of(refusal)));
      }
    }
    return ended(pushes, ends);
  }

  /** The request itself was counted when it came in. */
  private void count(ForeignRequest request) {
    check.count(request.caller(), request.policy());
  }

  /** The first reading for which there is an application is the right one. */
  private Future<ForeignEnd> send(ForeignPush push, ForeignRequest request) {
    RequestRefused refused = null;
    for (Map<String, String> reading : push.readings()) {
      try {
        RequestFields fields = RequestFields.of(reading).with(Map.of(Field.WAIT, patience));
        return api.send(fields, request).end().map(ForeignPushes::end);
      } catch (RequestRefused refusal) {
        if (refusal.status() != 404) {
          throw refusal;
        }
        refused = refused == null ? refusal : refused;
      }
    }
    throw refused;
  }

  private static ForeignEnd end(Optional<Outcome> outcome) {
    return outcome.map(ForeignEnd::of).orElse(ForeignEnd.UNDERWAY);
  }

  private static Future<List<SentPush>> ended(
      List<ForeignPush> pushes, List<Future<ForeignEnd>> ends) {
    return Future.join(ends)
        .map(
            all -> {
              List<SentPush> sent = new ArrayList<>(pushes.size());
              for (int i = 0; i < pushes.size(); i++) {
                sent.add(new SentPush(pushes.get(i), ends.get(i).result()));
              }
              return sent;
            });
  }

  /** The request goes on without it, so nobody else tells. */
  private static void log(RequestRefused refusal, ForeignPush push, ForeignRequest request) {
    if (LOG.isInfoEnabled()) {
      String callId = push.readings().get(0).get(Field.CALL_ID.wireName());
      LOG.info(
          LogLine.MESSAGE,
          PushLogLines.refused(
              Printable.cut(callId),
              refusal.status(),
              request.caller().address(),
              "POST",
              request.asked(),
              refusal.description()));
    }
  }
}
