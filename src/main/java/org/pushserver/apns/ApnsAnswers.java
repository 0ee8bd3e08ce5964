// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.apns;

import static java.util.Map.entry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Instant;
import java.util.Map;
import org.pushserver.apns.Verdict.Remedy;
import org.pushserver.push.Answer;
import org.pushserver.push.Answer.Fault;
import org.pushserver.push.Response;
import org.pushserver.route.Judged.Credentials;
import org.pushserver.route.Reply;
import org.pushserver.spi.RetryAfter;

/**
 * What every answer of APNs means: one row for each status and reason. Facts: Apple, "Handling
 * notification responses from APNs". Pure; any thread.
 */
final class ApnsAnswers {
  private enum Kind {
    /** Forget the token. */
    DEAD,
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

  private record Row(Kind kind, Remedy remedy, String words) {
    Row(Kind kind, String words) {
      this(kind, Remedy.NONE, words);
    }
  }

  private static final Map<String, Row> ROWS =
      Map.ofEntries(
          entry("400 BadCollapseId", new Row(Kind.SERVER, "the collapse id is too long")),
          entry(
              "400 BadDeviceToken",
              new Row(
                  Kind.DEAD,
                  "not a token, or one of the other environment (sandbox or production)")),
          entry("400 BadExpirationDate", new Row(Kind.SERVER, "the expiry is not a date")),
          entry("400 BadMessageId", new Row(Kind.SERVER, "the apns-id is not a UUID")),
          entry("400 BadPriority", new Row(Kind.SERVER, "there is no such priority")),
          entry(
              "400 BadTopic",
              new Row(Kind.APPLICATION, "app_id is not a bundle ID that Apple knows")),
          entry(
              "400 DeviceTokenNotForTopic",
              new Row(
                  Kind.APPLICATION,
                  "the token belongs to another app, or to another kind of push of this one")),
          entry("400 DuplicateHeaders", new Row(Kind.SERVER, "a header was sent twice")),
          entry(
              "400 IdleTimeout",
              new Row(Kind.LATER, Remedy.RECONNECT, "the connection was idle for too long")),
          entry(
              "400 InvalidPushType",
              new Row(Kind.SERVER, "the push type does not exist or does not suit the payload")),
          entry("400 MissingDeviceToken", new Row(Kind.SERVER, "the request's path has no token")),
          entry(
              "400 MissingTopic",
              new Row(Kind.APPLICATION, "the certificate has several topics and none was named")),
          entry("400 PayloadEmpty", new Row(Kind.SERVER, "there was no payload")),
          entry(
              "400 TopicDisallowed",
              new Row(Kind.APPLICATION, "the key or certificate does not cover this app_id")),
          entry(
              "403 BadCertificate",
              new Row(Kind.CREDENTIALS, Remedy.RECONNECT, "the client certificate is not valid")),
          entry(
              "403 BadCertificateEnvironment",
              new Row(
                  Kind.CREDENTIALS,
                  Remedy.RECONNECT,
                  "the client certificate is for the other environment (sandbox or production)")),
          entry("403 BadEnvironmentKeyIdInToken", wrongEnvironment()),
          // What the documentation above calls it is not what comes over the wire.
          entry("403 BadEnvironmentKeyInToken", wrongEnvironment()),
          entry(
              "403 ExpiredProviderToken",
              new Row(
                  Kind.CREDENTIALS,
                  Remedy.RENEW_AND_REPEAT,
                  "a fresh provider token was refused as too old; check this machine's clock")),
          // Of this action Apple speaks, not of who asks for it.
          entry("403 Forbidden", new Row(Kind.APPLICATION, "Apple does not allow this")),
          entry(
              "403 InvalidProviderToken",
              new Row(
                  Kind.CREDENTIALS,
                  Remedy.RECONNECT,
                  "key, key_id and team_id do not belong together, or the key was revoked")),
          entry(
              "403 MissingProviderToken",
              new Row(Kind.CREDENTIALS, "neither a certificate nor a provider token arrived")),
          entry(
              "403 UnrelatedKeyIdInToken",
              new Row(
                  Kind.CREDENTIALS,
                  Remedy.RECONNECT_AND_REPEAT,
                  "the key is not the one that this connection began with")),
          entry("404 BadPath", new Row(Kind.SERVER, "there is no such path")),
          entry("405 MethodNotAllowed", new Row(Kind.SERVER, "the method was not POST")),
          entry("410 ExpiredToken", new Row(Kind.DEAD, "the device's token has expired")),
          entry("410 Unregistered", new Row(Kind.DEAD, "the app is no longer on this device")),
          entry("413 PayloadTooLarge", new Row(Kind.PUSH, "the payload is too large")),
          entry(
              "429 TooManyProviderTokenUpdates",
              new Row(
                  Kind.LATER,
                  Remedy.RECONNECT_OR_PAUSE,
                  "the provider token was changed too often")),
          entry("429 TooManyRequests", new Row(Kind.LATER, "too many pushes to this one device")),
          entry("500 InternalServerError", new Row(Kind.LATER, "Apple has a problem")),
          entry(
              "503 ServiceUnavailable", new Row(Kind.LATER, "Apple cannot serve it at the moment")),
          entry(
              "503 Shutdown",
              new Row(Kind.LATER, Remedy.RECONNECT, "this server of Apple's is shutting down")));

  private static final int GONE = 410;
  private static final String NO_BODY = "{}";
  private static final ObjectMapper JSON = new ObjectMapper();

  private ApnsAnswers() {}

  private static Row wrongEnvironment() {
    return new Row(
        Kind.CREDENTIALS,
        Remedy.RECONNECT,
        "the key is for the other environment (sandbox or production)");
  }

  /**
   * Judges an answer.
   *
   * @param url where the push was sent
   * @param now milliseconds since the epoch
   */
  static Verdict judge(Reply reply, String url, long now) {
    int status = reply.status();
    if (status >= 200 && status < 300) {
      // Whatever else it says: it took the push.
      Response taken = new Response(200, "", url, NO_BODY);
      return new Verdict(new Answer.Delivered(taken), Credentials.ACCEPTED, Remedy.NONE);
    }
    JsonNode body = body(reply);
    String reason = body.path("reason").asText("");
    Row row = ROWS.getOrDefault(status + " " + reason, byStatus(status));
    String said = reason.isEmpty() ? "status " + status : reason;
    Response response =
        new Response(
            code(row.kind(), status),
            row.words().isEmpty() ? said : said + " - " + row.words(),
            url,
            body.isObject() ? body.toString() : NO_BODY);
    String retryAfter = reply.headers().get("retry-after");
    return new Verdict(
        switch (row.kind()) {
          case DEAD -> new Answer.DeadToken(response);
          case PUSH -> new Answer.Refused(response, Fault.PUSH);
          case APPLICATION, CREDENTIALS -> new Answer.Refused(response, Fault.APPLICATION);
          case SERVER -> new Answer.Refused(response, Fault.SERVER);
          // What it does not take it does not deliver.
          case LATER -> new Answer.Later(response, RetryAfter.parse(retryAfter, now), false);
        },
        credentials(row.kind(), status),
        row.remedy());
  }

  /** That a token is none may be seen before anybody looks at the credentials; the rest not. */
  private static Credentials credentials(Kind kind, int status) {
    if (kind == Kind.CREDENTIALS) {
      return Credentials.REFUSED;
    }
    return status == GONE ? Credentials.ACCEPTED : Credentials.UNTOLD;
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

  /** A reason that is new to us, or none. */
  private static Row byStatus(int status) {
    return switch (status) {
      case 401, 403 -> new Row(Kind.APPLICATION, "");
      case 410 -> new Row(Kind.DEAD, "");
      case 413 -> new Row(Kind.PUSH, "");
      case 408, 429 -> new Row(Kind.LATER, "");
      default -> new Row(status >= 500 ? Kind.LATER : Kind.SERVER, "");
    };
  }

  private static int code(Kind kind, int status) {
    if (kind == Kind.DEAD) {
      return GONE;
    }
    // A gateway that answers out of range is broken, as its callers should be told.
    return status >= 300 && status <= 599 ? status : 502;
  }

  private static JsonNode body(Reply reply) {
    try {
      return JSON.readTree(reply.body().toString());
    } catch (JsonProcessingException e) {
      return JSON.missingNode();
    }
  }
}
