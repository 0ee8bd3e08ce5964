// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.apns;

import static java.util.Map.entry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.pushserver.pns.Verdict;
import org.pushserver.pns.Verdict.Credentials;
import org.pushserver.pns.Verdict.Remedy;
import org.pushserver.push.Answer;
import org.pushserver.push.Answer.Fault;
import org.pushserver.push.Response;
import org.pushserver.route.PeerWords;
import org.pushserver.route.Reply;
import org.pushserver.spi.RetryAfter;

/**
 * What every answer of APNs means: one row for each reason. The reason decides, whatever status it
 * comes with; the status only where the reason is unknown. Facts: Apple, "Handling notification
 * responses from APNs". Pure; any thread.
 */
final class ApnsAnswers {
  private enum Kind {
    /** Forget the token: it was one. */
    DEAD,
    /** Forget the token: as far as the service knows it never was one. */
    UNKNOWN,
    /** This push is wrong. */
    PUSH,
    /** The application is set up wrong, as far as this push shows. */
    APPLICATION,
    /** The application's credentials are refused: all its pushes would be told the same. */
    CREDENTIALS,
    /** We built a bad request. */
    SERVER,
    /** Later. */
    LATER
  }

  /**
   * @param status that belongs to the reason, and is what callers are told
   */
  private record Row(int status, Kind kind, Remedy remedy, String words) {
    Row(int status, Kind kind, String words) {
      this(status, kind, Remedy.NONE, words);
    }

    boolean isDead() {
      return kind == Kind.DEAD || kind == Kind.UNKNOWN;
    }
  }

  private static final Map<String, Row> ROWS =
      Map.ofEntries(
          entry("BadCollapseId", new Row(400, Kind.SERVER, "the collapse id is too long")),
          entry(
              "BadDeviceToken",
              new Row(
                  400,
                  Kind.UNKNOWN,
                  "not a token, or one of the other environment (sandbox or production)")),
          entry("BadExpirationDate", new Row(400, Kind.SERVER, "the expiry is not a date")),
          entry("BadMessageId", new Row(400, Kind.SERVER, "the apns-id is not a UUID")),
          entry("BadPriority", new Row(400, Kind.SERVER, "there is no such priority")),
          entry(
              "BadTopic",
              new Row(400, Kind.APPLICATION, "app_id is not a bundle ID that Apple knows")),
          entry(
              "DeviceTokenNotForTopic",
              new Row(
                  400,
                  Kind.APPLICATION,
                  "the token belongs to another app, or to another kind of push of this one")),
          entry("DuplicateHeaders", new Row(400, Kind.SERVER, "a header was sent twice")),
          entry(
              "IdleTimeout",
              new Row(400, Kind.LATER, Remedy.RECONNECT, "the connection was idle for too long")),
          entry(
              "InvalidPushType",
              new Row(
                  400, Kind.SERVER, "the push type does not exist or does not suit the payload")),
          entry("MissingDeviceToken", new Row(400, Kind.SERVER, "the request's path has no token")),
          entry(
              "MissingTopic",
              new Row(
                  400, Kind.APPLICATION, "the certificate has several topics and none was named")),
          entry("PayloadEmpty", new Row(400, Kind.SERVER, "there was no payload")),
          entry(
              "TopicDisallowed",
              new Row(400, Kind.APPLICATION, "the key or certificate does not cover this app_id")),
          entry(
              "BadCertificate",
              new Row(
                  403, Kind.CREDENTIALS, Remedy.RECONNECT, "the client certificate is not valid")),
          entry(
              "BadCertificateEnvironment",
              new Row(
                  403,
                  Kind.CREDENTIALS,
                  Remedy.RECONNECT,
                  "the client certificate is for the other environment (sandbox or production)")),
          entry("BadEnvironmentKeyIdInToken", wrongEnvironment()),
          // What the documentation above calls it is not what comes over the wire.
          entry("BadEnvironmentKeyInToken", wrongEnvironment()),
          entry(
              "ExpiredProviderToken",
              new Row(
                  403,
                  Kind.CREDENTIALS,
                  Remedy.RENEW_AND_REPEAT,
                  "a fresh provider token was refused as too old; check this machine's clock")),
          // Of this action Apple speaks, not of who asks for it.
          entry("Forbidden", new Row(403, Kind.APPLICATION, "Apple does not allow this")),
          entry(
              "InvalidProviderToken",
              new Row(
                  403,
                  Kind.CREDENTIALS,
                  Remedy.RECONNECT,
                  "key, key_id and team_id do not belong together, or the key was revoked")),
          entry(
              "MissingProviderToken",
              new Row(403, Kind.CREDENTIALS, "neither a certificate nor a provider token arrived")),
          entry(
              "UnrelatedKeyIdInToken",
              new Row(
                  403,
                  Kind.CREDENTIALS,
                  Remedy.RECONNECT_AND_REPEAT,
                  "the key is not the one that this connection began with")),
          entry("BadPath", new Row(404, Kind.SERVER, "there is no such path")),
          entry("MethodNotAllowed", new Row(405, Kind.SERVER, "the method was not POST")),
          entry("ExpiredToken", new Row(410, Kind.DEAD, "the device's token has expired")),
          entry("Unregistered", new Row(410, Kind.DEAD, "the app is no longer on this device")),
          entry("PayloadTooLarge", new Row(413, Kind.PUSH, "the payload is too large")),
          entry(
              "TooManyProviderTokenUpdates",
              new Row(
                  429,
                  Kind.LATER,
                  Remedy.RECONNECT_OR_PAUSE,
                  "the provider token was changed too often")),
          entry("TooManyRequests", new Row(429, Kind.LATER, "too many pushes to this one device")),
          entry("InternalServerError", new Row(500, Kind.LATER, "Apple has a problem")),
          entry(
              "ServiceUnavailable",
              new Row(503, Kind.LATER, "Apple cannot serve it at the moment")),
          entry(
              "Shutdown",
              new Row(
                  503, Kind.LATER, Remedy.RECONNECT, "this server of Apple's is shutting down")));

  /** Those that are about the topic; whoever looks into them wants to know which it was. */
  private static final Set<String> ABOUT_TOPIC =
      Set.of("BadTopic", "DeviceTokenNotForTopic", "TopicDisallowed");

  private static final String BAD_DEVICE_TOKEN = "BadDeviceToken";
  private static final int GONE = 410;
  private static final int BAD_GATEWAY = 502;
  private static final String NO_BODY = "{}";

  /** Loaded by the first answer that has something to say: most have not, and it is large. */
  private static final class Json {
    static final ObjectMapper READER = new ObjectMapper();
  }

  private ApnsAnswers() {}

  private static Row wrongEnvironment() {
    return new Row(
        403,
        Kind.CREDENTIALS,
        Remedy.RECONNECT,
        "the key is for the other environment (sandbox or production)");
  }

  /**
   * Judges an answer.
   *
   * @param url where the push was sent
   * @param topic that it was sent with; null for none
   * @param now milliseconds since the epoch
   */
  static Verdict judge(Reply reply, String url, String topic, long now) {
    int status = reply.status();
    boolean success = status >= 200 && status < 300;
    if (success && (reply.body().length() == 0 || !reply.whole())) {
      return delivered(url, reply);
    }
    JsonNode body = body(reply);
    String reason = body.path("reason").asText("");
    Row known = ROWS.get(reason);
    if (success && known == null && !isPage(reply, body)) {
      // Whatever else it says, even in half: it took the push.
      return delivered(url, reply);
    }
    Row row = known == null ? byStatus(status) : known;
    String said = reason.isEmpty() ? "status " + status : PeerWords.of(reason);
    Response response =
        new Response(
            row.isDead() ? GONE : row.status(),
            row.words().isEmpty()
                ? said
                : said + " - " + row.words() + sentWith(reason, topic, url),
            url,
            body.isObject() ? body.toString() : NO_BODY,
            reply.connection());
    String retryAfter = reply.headers().get("retry-after");
    return new Verdict(
        switch (row.kind()) {
          case DEAD -> new Answer.DeadToken(response, true, since(body));
          case UNKNOWN -> new Answer.DeadToken(response, false, since(body));
          case PUSH -> new Answer.Refused(response, Fault.PUSH);
          case APPLICATION, CREDENTIALS -> new Answer.Refused(response, Fault.APPLICATION);
          case SERVER -> new Answer.Refused(response, Fault.SERVER);
          // What it does not take it does not deliver; who knows what a page comes from.
          case LATER -> new Answer.Later(response, RetryAfter.parse(retryAfter, now), success);
        },
        credentials(row),
        row.remedy());
  }

  /** When Apple had noticed by that the token is dead; of most answers it does not say. */
  private static long since(JsonNode body) {
    return Math.max(0, body.path("timestamp").asLong(0));
  }

  private static Verdict delivered(String url, Reply reply) {
    Response taken = new Response(200, "", url, NO_BODY, reply.connection());
    return new Verdict(new Answer.Delivered(taken), Credentials.ACCEPTED);
  }

  /** Whether it is that APNs does not know the device token. */
  static boolean isBadToken(Answer answer) {
    return answer instanceof Answer.DeadToken
        && answer.response().reason().startsWith(BAD_DEVICE_TOKEN + " - ");
  }

  /** What whoever looks into it has to know of the request. */
  private static String sentWith(String reason, String topic, String url) {
    if (reason.equals(BAD_DEVICE_TOKEN)) {
      return "; asked was " + host(url);
    }
    return topic != null && ABOUT_TOPIC.contains(reason) ? "; the topic sent was " + topic : "";
  }

  private static String host(String url) {
    int begin = url.indexOf("//") + 2;
    int end = url.indexOf('/', begin);
    return end < 0 ? url.substring(begin) : url.substring(begin, end);
  }

  /** All that have a row. */
  static Set<String> reasons() {
    return ROWS.keySet();
  }

  /** That a token is none may be seen before anybody looks at the credentials; the rest not. */
  private static Credentials credentials(Row row) {
    if (row.kind() == Kind.CREDENTIALS) {
      return Credentials.REFUSED;
    }
    return row.status() == GONE ? Credentials.ACCEPTED : Credentials.UNTOLD;
  }

  /**
   * What a push comes to whose token APNs does not know while it knows hardly any: the tokens are
   * probably good, and a caller who is told otherwise forgets them all.
   */
  static Answer doubted(Response told) {
    return new Answer.Refused(
        new Response(
            400,
            told.reason()
                + "; most tokens of this application are refused so, thus it is probably the"
                + " environment that is wrong and not this token: check apple_push_url",
            told.url(),
            told.body(),
            told.connection()),
        Fault.APPLICATION);
  }

  /** What APNs would say to a payload of this size, without asking it. */
  static Answer tooLarge(int size, int limit, String url) {
    return new Answer.Refused(
        new Response(
            413,
            "PayloadTooLarge - " + size + " bytes are more than the " + limit + " that Apple takes",
            url,
            "{\"reason\":\"PayloadTooLarge\"}"),
        Fault.PUSH);
  }

  /** What a push comes to whose client certificate is not valid any more, without asking. */
  static Response expired(Instant end) {
    return new Response(403, "the client certificate expired on " + end, "", NO_BODY);
  }

  /** A reason that is new to us, or none; of a success, that it is not Apple's. */
  private static Row byStatus(int status) {
    return switch (status) {
      case 401, 403 -> new Row(status, Kind.APPLICATION, "");
      case 410 -> new Row(status, Kind.DEAD, "");
      case 413 -> new Row(status, Kind.PUSH, "");
      case 408, 429 -> new Row(status, Kind.LATER, "");
      default -> byHundreds(status);
    };
  }

  private static Row byHundreds(int status) {
    return switch (status / 100) {
      case 2 ->
          new Row(
              BAD_GATEWAY,
              Kind.LATER,
              "with a text that is not Apple's: check apple_push_url and what is in between");
      case 3 ->
          new Row(
              BAD_GATEWAY,
              Kind.APPLICATION,
              "it leads elsewhere: check apple_push_url and what is in between");
      case 4 -> new Row(status, Kind.SERVER, "");
      case 5 -> new Row(status, Kind.LATER, "");
      // A gateway that answers out of range is broken, as its callers should be told.
      default -> new Row(BAD_GATEWAY, Kind.LATER, "");
    };
  }

  private static boolean isPage(Reply reply, JsonNode body) {
    return body.isMissingNode() && !reply.body().toString().stripLeading().startsWith("{");
  }

  private static JsonNode body(Reply reply) {
    try {
      return Json.READER.readTree(reply.body().toString());
    } catch (JsonProcessingException e) {
      return Json.READER.missingNode();
    }
  }
}
