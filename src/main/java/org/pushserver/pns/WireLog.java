// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.pns;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import org.pushserver.log.Key;
import org.pushserver.log.LogLine;
import org.pushserver.log.Secrets;
import org.pushserver.push.Push;
import org.pushserver.route.Reply;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** At debug level: the headers of both sides, as they were on the wire, without the secret ones. */
final class WireLog {
  private static final Logger LOG = LoggerFactory.getLogger("org.pushserver.push");

  private WireLog() {}

  /**
   * Writes the line about a request once it is answered, if somebody wants it.
   *
   * @return the same reply
   */
  static Future<Reply> watch(Push push, MultiMap sent, Future<Reply> reply) {
    return LOG.isDebugEnabled()
        ? reply.onSuccess(answer -> LOG.debug(LogLine.MESSAGE, line(push, sent, answer)))
        : reply;
  }

  private static LogLine line(Push push, MultiMap sent, Reply reply) {
    String sentHeaders = push.device().cut(Secrets.headers(sent));
    String authorization = sent.get("authorization");
    String secret = authorization == null ? "" : Secrets.credential(authorization);
    String receivedHeaders =
        push.device().cut(Secrets.without(secret, Secrets.headers(reply.headers())));
    return new LogLine(
        "wire",
        to -> {
          to.add(Key.CALL_ID, push.callId());
          to.add(Key.APP_ID, push.app().appId());
          to.add(Key.PLATFORM, push.app().platform());
          to.add(Key.STATUS, reply.status());
          to.add(Key.SENT_HEADERS, sentHeaders);
          to.add(Key.RECEIVED_HEADERS, receivedHeaders);
        });
  }
}
