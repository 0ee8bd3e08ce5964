// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.fcm;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.pushserver.fcm.FcmError.Violations;
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
 * What the answers of FCM mean. This file is the documentation: the most exact thing an answer says
 * decides, which is FCM's own error code, else Google's common status, else the status of HTTP.
 *
 * <p>Facts: Firebase's reference of error codes. Immutable; any thread.
 */
final class FcmAnswers {
  private static final int UNAUTHORIZED = 401;
  private static final int GONE = 410;
  private static final int BAD_GATEWAY = 502;

  private static final String ELSEWHERE =
      "; it leads elsewhere, as Firebase's never does: check firebase_push_url and what is in"
          + " between";
  private static final String NOT_FIREBASE =
      "200, but with a text that is not Firebase's: check firebase_push_url and what is in between";

  /** What FCM asks for when a quota is used up and it does not say how long. */
  private static final Duration QUOTA_PAUSE = Duration.ofSeconds(60);

  /** What becomes of the push. */
  private enum Ruling {
    /** The token will never work again. */
    DEAD,
    /** As far as Firebase knows it never was a token. */
    NO_TOKEN,
    /** None if it is the token that is invalid; otherwise our request, or this push, is wrong. */
    INVALID,
    /** Refused; something in this push. */
    PUSH,
    /** Refused; the application's project or URL, or what it has stored at Firebase. */
    APPLICATION,
    /** Refused; the application's credentials, whatever the push. */
    CREDENTIALS,
    /** Refused; we built a bad request. */
    SERVER,
    /** Again after Retry-After, else when the back-off says. */
    LATER,
    /** Again after Retry-After, else in a minute. */
    QUOTA
  }

  /** By errorCode of the FcmError detail. */
  private static final Map<String, Ruling> BY_CODE =
      Map.ofEntries(
          Map.entry("UNREGISTERED", Ruling.DEAD),
          Map.entry("INVALID_ARGUMENT", Ruling.INVALID),
          // The token belongs to another project, where it may be alive and well.
          Map.entry("SENDER_ID_MISMATCH", Ruling.APPLICATION),
          // The credentials for APNs or web push inside Firebase, not ours for Firebase.
          Map.entry("THIRD_PARTY_AUTH_ERROR", Ruling.APPLICATION),
          Map.entry("APNS_AUTH_ERROR", Ruling.APPLICATION),
          Map.entry("QUOTA_EXCEEDED", Ruling.QUOTA),
          Map.entry("UNAVAILABLE", Ruling.LATER),
          Map.entry("INTERNAL", Ruling.LATER));

  /** By status of google.rpc.Status. */
  private static final Map<String, Ruling> BY_STATUS =
      Map.ofEntries(
          Map.entry("INVALID_ARGUMENT", Ruling.INVALID),
          Map.entry("UNAUTHENTICATED", Ruling.CREDENTIALS),
          // The account lacks the role, or the project has not enabled the API.
          Map.entry("PERMISSION_DENIED", Ruling.CREDENTIALS),
          // A wrong path or project. It says nothing about the device, so never dead.
          Map.entry("NOT_FOUND", Ruling.APPLICATION),
          Map.entry("RESOURCE_EXHAUSTED", Ruling.QUOTA),
          Map.entry("UNAVAILABLE", Ruling.LATER),
          Map.entry("INTERNAL", Ruling.LATER));

  /** By HTTP status; what is not here is ruled by its hundreds. */
  private static final Map<Integer, Ruling> BY_HTTP =
      Map.ofEntries(
          Map.entry(400, Ruling.SERVER),
          Map.entry(401, Ruling.CREDENTIALS),
          // Without Google's words it may be anybody's on the way there.
          Map.entry(403, Ruling.APPLICATION),
          Map.entry(404, Ruling.APPLICATION),
          Map.entry(405, Ruling.APPLICATION),
          Map.entry(408, Ruling.LATER),
          Map.entry(413, Ruling.PUSH),
          Map.entry(429, Ruling.QUOTA));

  /**
   * A result of the legacy API, which says 200 whatever it thinks of the push.
   *
   * @param code what callers are told instead of that 200
   */
  private record Legacy(Ruling ruling, int code) {}

  private static final Map<String, Legacy> BY_LEGACY_RESULT =
      Map.ofEntries(
          Map.entry("NotRegistered", new Legacy(Ruling.DEAD, GONE)),
          Map.entry("InvalidRegistration", new Legacy(Ruling.NO_TOKEN, GONE)),
          Map.entry("MissingRegistration", new Legacy(Ruling.SERVER, 400)),
          Map.entry("InvalidParameters", new Legacy(Ruling.SERVER, 400)),
          Map.entry("InvalidDataKey", new Legacy(Ruling.SERVER, 400)),
          Map.entry("InvalidTtl", new Legacy(Ruling.SERVER, 400)),
          Map.entry("MessageTooBig", new Legacy(Ruling.PUSH, 413)),
          Map.entry("MismatchSenderId", new Legacy(Ruling.APPLICATION, 403)),
          Map.entry("InvalidPackageName", new Legacy(Ruling.APPLICATION, 403)),
          Map.entry("InvalidApnsCredential", new Legacy(Ruling.APPLICATION, 401)),
          Map.entry("DeviceMessageRateExceeded", new Legacy(Ruling.QUOTA, 429)),
          Map.entry("Unavailable", new Legacy(Ruling.LATER, 503)),
          Map.entry("InternalServerError", new Legacy(Ruling.LATER, 500)));

  /** A result that nobody has documented: not delivered, and no reason to try again. */
  private static final Legacy UNKNOWN_RESULT = new Legacy(Ruling.PUSH, BAD_GATEWAY);

  private final String url;
  private final boolean legacy;

  /**
   * @param url where the pushes are posted to, for the answers
   * @param legacy whether an answer 200 may hold a refusal
   */
  FcmAnswers(String url, boolean legacy) {
    this.url = url;
    this.legacy = legacy;
  }

  /**
   * What an answer means.
   *
   * @param now milliseconds since the epoch, for a Retry-After that is a date
   */
  Verdict read(Reply reply, long now) {
    int status = reply.status();
    if (status / 100 == 2) {
      return success(reply, now);
    }
    String words = phrase(status) + (status / 100 == 3 ? ELSEWHERE : "");
    FcmError error = FcmError.of(reply.body());
    Verdict refused = refused(reply, status, words, error, now);
    return isUnauthenticated(status, error) ? refused.with(Remedy.RENEW_ONLY_AND_REPEAT) : refused;
  }

  /** Whether the service refused the authorization header, and not something else by 401. */
  private static boolean isUnauthenticated(int status, FcmError error) {
    return status == UNAUTHORIZED && error.code().isEmpty();
  }

  private Verdict success(Reply reply, long now) {
    FcmError result = legacy ? FcmError.ofLegacy(reply.body()) : FcmError.NONE;
    if (!result.code().isEmpty()) {
      return new Verdict(legacyResult(reply, result.code(), now), Credentials.ACCEPTED);
    }
    if (isPlainSuccess(reply.body()) || !reply.whole()) {
      // Of half a text the status is all that counts.
      return delivered(reply);
    }
    if (!FcmError.isReadable(reply.body())) {
      return refused(reply, BAD_GATEWAY, NOT_FIREBASE, FcmError.NONE, now);
    }
    return FcmError.within(reply.body())
        .map(error -> disguised(reply, error, now))
        .orElseGet(() -> delivered(reply));
  }

  private Verdict delivered(Reply reply) {
    return new Verdict(
        new Answer.Delivered(response(reply, reply.status(), phrase(reply.status()))),
        Credentials.ACCEPTED);
  }

  /** Seen without reading it: an object that says nothing of an error. */
  private static boolean isPlainSuccess(Buffer body) {
    return body.length() > 0 && body.getByte(0) == '{' && !body.toString().contains("\"error\"");
  }

  /** A success that holds an error: the error counts. */
  private Verdict disguised(Reply reply, FcmError error, long now) {
    if (legacy && BY_LEGACY_RESULT.containsKey(error.message())) {
      return new Verdict(legacyResult(reply, error.message(), now), Credentials.UNTOLD);
    }
    int claimed = FcmError.claimedStatus(reply.body());
    String words = reply.status() + ", but with an error:";
    return refused(reply, claimed == 0 ? BAD_GATEWAY : claimed, words, error, now);
  }

  /**
   * @param status to judge by
   */
  private Verdict refused(Reply reply, int status, String words, FcmError error, long now) {
    Ruling ruling = ruling(status, error);
    boolean isDead = ruling == Ruling.DEAD || ruling == Ruling.NO_TOKEN;
    int code = isDead ? GONE : statusForCaller(status);
    String reason = (words + ' ' + PeerWords.of(error.message())).strip();
    return new Verdict(
        answer(ruling, response(reply, code, reason), status, reply, now),
        credentials(ruling, error));
  }

  /** FCM's own error code comes from behind the door at which credentials are checked. */
  private static Credentials credentials(Ruling ruling, FcmError error) {
    if (!error.code().isEmpty()) {
      return Credentials.ACCEPTED;
    }
    return ruling == Ruling.CREDENTIALS ? Credentials.REFUSED : Credentials.UNTOLD;
  }

  /** What a push comes to whose service account is refused: 401, as when FCM refuses its token. */
  static Response unauthorized(TokenException refusal) {
    // Without a URL: it was never sent.
    return new Response(UNAUTHORIZED, refusal.getMessage(), "", "{}");
  }

  String url() {
    return url;
  }

  /** All results of the legacy API that have a row. */
  static Set<String> legacyResults() {
    return BY_LEGACY_RESULT.keySet();
  }

  /** All of FCM's own error codes that have a row. */
  static Set<String> errorCodes() {
    return BY_CODE.keySet();
  }

  private Answer legacyResult(Reply reply, String error, long now) {
    Legacy row = BY_LEGACY_RESULT.getOrDefault(error, UNKNOWN_RESULT);
    return answer(
        row.ruling(), response(reply, row.code(), PeerWords.of(error)), reply.status(), reply, now);
  }

  private static Ruling ruling(int status, FcmError error) {
    Ruling ruling = BY_CODE.get(error.code());
    if (ruling == null) {
      ruling = BY_STATUS.get(error.status());
    }
    if (ruling == null) {
      ruling = BY_HTTP.getOrDefault(status, byHundreds(status));
    }
    if (ruling != Ruling.INVALID) {
      return ruling;
    }
    if (error.namesToken()) {
      return Ruling.NO_TOKEN;
    }
    return error.violations() == Violations.NONE ? Ruling.PUSH : Ruling.SERVER;
  }

  private static Ruling byHundreds(int status) {
    return switch (status / 100) {
      // A redirect: the configured URL is wrong.
      case 3 -> Ruling.APPLICATION;
      case 4 -> Ruling.SERVER;
      default -> Ruling.LATER;
    };
  }

  private static Answer answer(
      Ruling ruling, Response response, int status, Reply reply, long now) {
    return switch (ruling) {
      case DEAD -> new Answer.DeadToken(response, true, 0);
      case NO_TOKEN -> new Answer.DeadToken(response, false, 0);
      case PUSH, INVALID -> new Answer.Refused(response, Fault.PUSH);
      case APPLICATION, CREDENTIALS -> new Answer.Refused(response, Fault.APPLICATION);
      case SERVER -> new Answer.Refused(response, Fault.SERVER);
      // Google says of these that the message may have been sent on all the same.
      case LATER -> new Answer.Later(response, retryAfter(reply, now), status >= 500);
      case QUOTA -> {
        Duration asked = retryAfter(reply, now);
        yield new Answer.Later(response, asked == null ? QUOTA_PAUSE : asked, false);
      }
    };
  }

  private static Duration retryAfter(Reply reply, long now) {
    return RetryAfter.parse(reply.headers().get("retry-after"), now);
  }

  private Response response(Reply reply, int code, String reason) {
    int status = reply.status();
    String body = RecordedBody.of(status, phrase(status), url, reply.body());
    return new Response(code, reason, url, body, reply.connection());
  }

  /** A status that is none of a refusal means that the gateway is broken. */
  private static int statusForCaller(int status) {
    return status >= 400 && status <= 599 ? status : BAD_GATEWAY;
  }

  /** HTTP/2 sends none, and clients of existing installations read one. */
  private static String phrase(int status) {
    return HttpResponseStatus.valueOf(status).reasonPhrase();
  }
}
