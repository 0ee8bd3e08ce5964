// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.apns;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.Map;
import java.util.function.BiFunction;
import org.pushserver.push.Answer;
import org.pushserver.push.Answer.Fault;
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
  private final BiFunction<Push, Payload, Future<Answer>> send;

  /**
   * @param advice what to do when the credentials are refused
   * @param send makes an attempt
   */
  ApnsTrial(AppKey app, String advice, BiFunction<Push, Payload, Future<Answer>> send) {
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
            answer ->
                isOfTopic(answer)
                    ? attempt(ApplePushType.VOIP, now).map(calls -> ofCalls(answer, calls))
                    : Future.succeededFuture(of(answer, topic(ApplePushType.BACKGROUND))));
  }

  private String topic(ApplePushType type) {
    return type.topic(app.appId());
  }

  private Future<Answer> attempt(ApplePushType type, long now) {
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

  private Trial ofCalls(Answer others, Answer calls) {
    Trial trial = of(calls, topic(ApplePushType.VOIP));
    return trial.finding() == Finding.TAKEN
        ? new Trial(
            Finding.TAKEN,
            trial.words()
                + " alone: calls ring, but messages and cancels, whose topic is "
                + topic(ApplePushType.BACKGROUND)
                + ", will be refused ("
                + others.response().reason()
                + ')')
        : of(others, topic(ApplePushType.BACKGROUND));
  }

  private Trial of(Answer answer, String topic) {
    Response response = answer.response();
    if (answer instanceof Answer.Delivered || answer instanceof Answer.DeadToken) {
      return new Trial(Finding.TAKEN, "Apple takes the credentials for the topic " + topic);
    }
    boolean refused = answer instanceof Answer.Refused one && one.fault() == Fault.APPLICATION;
    String said = "Apple answered " + response.code() + ' ' + response.reason();
    if (response.reason().startsWith("DeviceTokenNotForTopic")) {
      // Of a token that is nobody's it may be said before the credentials are looked at.
      return new Trial(Finding.UNKNOWN, said + "; that says nothing of the credentials");
    }
    return refused
        ? new Trial(Finding.REFUSED, said + " (topic " + topic + "); " + advice)
        : new Trial(Finding.UNKNOWN, said + "; try again later");
  }
}
