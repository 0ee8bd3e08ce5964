// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.apns;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.Map;
import java.util.function.BiFunction;
import org.pushserver.pns.Verdict;
import org.pushserver.push.Answer;
import org.pushserver.push.AppKey;
import org.pushserver.push.Push;
import org.pushserver.push.Response;
import org.pushserver.spi.ApplePushType;
import org.pushserver.spi.Payload;
import org.pushserver.spi.Trial;
import org.pushserver.spi.Trial.Finding;

/**
 * Tries credentials with a push to a device token that no phone has. APNs looks at credentials and
 * topic first, so its answer BadDeviceToken means that these are good. The push is one that wakes
 * an app without telling the user; and it is worth nothing a moment later.
 */
final class ApnsTrial {
  /** As long as a token is, and none. */
  private static final String NOBODY = "0".repeat(64);

  private final AppKey app;
  private final String advice;
  private final BiFunction<Push, Payload, Future<Verdict>> send;

  /**
   * @param advice what to do when the credentials are refused
   * @param send makes an attempt
   */
  ApnsTrial(AppKey app, String advice, BiFunction<Push, Payload, Future<Verdict>> send) {
    this.app = app;
    this.advice = advice;
    this.send = send;
  }

  /**
   * Sends it, and once more with the topic of calls if Apple does not know the app's own.
   *
   * @param now milliseconds since the epoch
   * @return fails as an attempt does
   */
  Future<Trial> run(long now) {
    return attempt(ApplePushType.BACKGROUND, now)
        .compose(
            told ->
                isOfTopic(told.answer())
                    ? attempt(ApplePushType.VOIP, now).map(calls -> ofCalls(told, calls))
                    : Future.succeededFuture(of(told, topic(ApplePushType.BACKGROUND))));
  }

  private String topic(ApplePushType type) {
    return type.topic(app.appId());
  }

  private Future<Verdict> attempt(ApplePushType type, long now) {
    Payload payload =
        new Payload(
            Map.of(
                "apns-topic", topic(type),
                "apns-push-type", type.header(),
                "apns-priority", String.valueOf(type.priority()),
                "apns-expiration", "0"),
            Buffer.buffer("{\"aps\":{\"content-available\":1}}"));
    return send.apply(Trial.push(app, NOBODY, now), payload);
  }

  /** A certificate for calls alone is refused for all else. */
  private static boolean isOfTopic(Answer answer) {
    String reason = answer.response().reason();
    return answer instanceof Answer.Refused
        && (reason.startsWith("TopicDisallowed") || reason.startsWith("BadTopic"));
  }

  private Trial ofCalls(Verdict others, Verdict calls) {
    Trial trial = of(calls, topic(ApplePushType.VOIP));
    return trial.finding() == Finding.TAKEN
        ? new Trial(
            Finding.TAKEN,
            trial.words()
                + " alone: calls ring, but messages and cancels, whose topic is "
                + topic(ApplePushType.BACKGROUND)
                + ", will be refused ("
                + others.answer().response().reason()
                + ')')
        : of(others, topic(ApplePushType.BACKGROUND));
  }

  private Trial of(Verdict told, String topic) {
    Response response = told.answer().response();
    if (response.reason().startsWith("DeviceTokenNotForTopic")) {
      // Of a token that is nobody's it may be said before the credentials are looked at.
      return new Trial(
          Finding.UNKNOWN,
          "Apple answered "
              + response.code()
              + ' '
              + response.reason()
              + "; that says nothing of the credentials");
    }
    return told.trial("Apple", "topic " + topic, advice);
  }
}
