// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.audit;

import java.util.List;
import java.util.Map;
import org.pushserver.events.Attempt;
import org.pushserver.log.BodyOutline;
import org.pushserver.log.Fields;
import org.pushserver.log.Key;
import org.pushserver.log.LogLine;
import org.pushserver.log.Secrets;
import org.pushserver.push.AppKey;
import org.pushserver.push.Device;
import org.pushserver.push.Event;
import org.pushserver.push.Outcome;
import org.pushserver.push.Push;
import org.pushserver.push.Response;
import org.pushserver.spi.Reason;

/**
 * The lines that tell the way of one push, each with its call-id and all else that an operator
 * searches by. Whoever writes one asks for the level first.
 */
public final class PushLogLines {
  private PushLogLines() {}

  /** What is told of a push. Not the push itself: its line may wait longer than it lives. */
  private record Subject(String callId, AppKey app, Event event, Device device) {
    static Subject of(Push push) {
      return new Subject(push.callId(), push.app(), push.event(), push.device());
    }

    /** Of a cancel for all devices. */
    static Subject ofCancel(String callId) {
      return new Subject(callId, null, Event.CANCEL, null);
    }

    void addTo(Fields to) {
      to.add(Key.CALL_ID, callId);
      if (app != null) {
        to.add(Key.APP_ID, app.appId());
        to.add(Key.PLATFORM, app.platform());
      }
      to.add(Key.EVENT, event.name());
      if (device != null) {
        to.add(Key.DEVICE, device.toString());
      }
    }

    /** A text without its token, wherever that may stand. */
    String cut(String text) {
      return device == null ? text : device.cut(text);
    }
  }

  /**
   * The request that brought a push.
   *
   * @param from who sent it
   * @param bytes the length of its body
   */
  public static LogLine incoming(Push push, String from, int bytes) {
    Subject subject = Subject.of(push);
    return new LogLine(
        "incoming",
        to -> {
          subject.addTo(to);
          to.add(Key.FROM, from);
          to.add(Key.BYTES, bytes);
        });
  }

  /**
   * The request that cancels a call, whatever its devices.
   *
   * @param from who sent it
   * @param bytes the length of its body
   * @param devices how many are to be told
   */
  public static LogLine incomingCancel(String callId, String from, int bytes, int devices) {
    Subject subject = Subject.ofCancel(callId);
    String reason = "for " + devices + (devices == 1 ? " device" : " devices") + " rung before";
    return new LogLine(
        "incoming",
        to -> {
          subject.addTo(to);
          to.add(Key.FROM, from);
          to.add(Key.BYTES, bytes);
          to.add(Key.REASON, reason);
        });
  }

  /**
   * Who asked for a ring went away before the answer.
   *
   * @param from who that is
   * @param isCancelled whether the call is cancelled for that; if not, somebody else wants it
   */
  public static LogLine gone(Push ring, String from, boolean isCancelled) {
    Subject subject = Subject.of(ring);
    String reason =
        isCancelled
            ? "its client went away before the answer: the call is cancelled (on_disconnect)"
            : "its client went away before the answer, but another one wants the phone to ring";
    return new LogLine(
        "gone",
        to -> {
          subject.addTo(to);
          to.add(Key.FROM, from);
          to.add(Key.REASON, reason);
        });
  }

  /** That request had texts with what is no character, or too long: they were mended. */
  public static LogLine mended(Push push, String from, List<String> names) {
    Subject subject = Subject.of(push);
    String reason = "mended, because not fit to be shown: " + String.join(", ", names);
    return new LogLine(
        "mended",
        to -> {
          subject.addTo(to);
          to.add(Key.FROM, from);
          to.add(Key.REASON, reason);
        });
  }

  /** At debug level: that request, its body as far as it is nobody's business. */
  public static LogLine request(
      Push push, Iterable<Map.Entry<String, String>> headers, String body) {
    return request(Subject.of(push), headers, body);
  }

  /** At debug level: the request that cancels a call, likewise. */
  public static LogLine cancelRequest(
      String callId, Iterable<Map.Entry<String, String>> headers, String body) {
    return request(Subject.ofCancel(callId), headers, body);
  }

  private static LogLine request(
      Subject subject, Iterable<Map.Entry<String, String>> headers, String body) {
    String shownHeaders = subject.cut(Secrets.headers(headers));
    String shownBody = subject.cut(BodyOutline.ofPush(body));
    return LogLine.of(
        "request",
        to -> {
          subject.addTo(to);
          to.add(Key.RECEIVED_HEADERS, shownHeaders);
          to.add(Key.RECEIVED_BODY, shownBody);
        },
        shownHeaders,
        shownBody);
  }

  /** At debug level: what its sender was answered. */
  public static LogLine answer(
      Push push, int status, Iterable<Map.Entry<String, String>> headers, String body) {
    return answer(Subject.of(push), status, headers, body);
  }

  /** At debug level: what the sender of such a cancel was answered. */
  public static LogLine cancelAnswer(
      String callId, int status, Iterable<Map.Entry<String, String>> headers, String body) {
    return answer(Subject.ofCancel(callId), status, headers, body);
  }

  private static LogLine answer(
      Subject subject, int status, Iterable<Map.Entry<String, String>> headers, String body) {
    String shownHeaders = subject.cut(Secrets.headers(headers));
    String shownBody = subject.cut(BodyOutline.ofAnswer(body));
    return LogLine.of(
        "answer",
        to -> {
          subject.addTo(to);
          to.add(Key.STATUS, status);
          to.add(Key.SENT_HEADERS, shownHeaders);
          to.add(Key.SENT_BODY, shownBody);
        },
        shownHeaders,
        shownBody);
  }

  /**
   * A phone did something with a push.
   *
   * @param did in one word
   * @param event its name
   * @param device its device-id; null for none
   * @param from who says so
   * @param tookMs since the push was accepted
   */
  public static LogLine phone(
      String did,
      String callId,
      AppKey app,
      String event,
      String device,
      String from,
      long tookMs) {
    return new LogLine(
        did,
        to -> {
          to.add(Key.CALL_ID, callId);
          to.add(Key.APP_ID, app.appId());
          to.add(Key.PLATFORM, app.platform());
          to.add(Key.EVENT, event);
          if (device != null) {
            to.add(Key.DEVICE, device);
          }
          to.add(Key.FROM, from);
          to.add(Key.DURATION_MS, tookMs);
        });
  }

  /**
   * A device was registered under an account, or removed from it.
   *
   * @param did in one word
   * @param device its device-id
   * @param from who asked for it
   */
  public static LogLine registration(
      String did, String account, String appId, String device, String from) {
    return new LogLine(
        did,
        to -> {
          to.add(Key.ACCOUNT, account);
          to.add(Key.APP_ID, appId);
          to.add(Key.DEVICE, device);
          to.add(Key.FROM, from);
        });
  }

  /** A request that ended at the door. */
  public static LogLine refused(
      String callId, int status, String from, String method, String path, String reason) {
    return new LogLine(
        "refused",
        to -> {
          to.add(Key.CALL_ID, callId);
          to.add(Key.STATUS, status);
          to.add(Key.FROM, from);
          to.add(Key.METHOD, method);
          to.add(Key.PATH, path);
          to.add(Key.REASON, reason);
        });
  }

  /**
   * A device of a request that got no push, while others may have got theirs.
   *
   * @param which one, in words with a space at their end; empty when its sender gave it no name
   */
  public static LogLine refusedDevice(
      String callId, int status, String from, String which, String reason) {
    return new LogLine(
        "refused",
        to -> {
          to.add(Key.CALL_ID, callId);
          to.add(Key.STATUS, status);
          to.add(Key.FROM, from);
          to.add(Key.REASON, which + reason);
        });
  }

  static LogLine joined(Push push) {
    Subject subject = Subject.of(push);
    return new LogLine("joined", subject::addTo);
  }

  /** The push service answered, or could not be asked. */
  public static LogLine attempt(Push push, Attempt attempt) {
    return attempt("attempt", push, attempt);
  }

  /** An attempt that was answered after its push had ended. */
  public static LogLine late(Push push, Attempt attempt) {
    return attempt("late", push, attempt);
  }

  /** An attempt to push a ring once more that was delivered before. */
  static LogLine repeated(Push push, Attempt attempt) {
    return attempt("repeated", push, attempt);
  }

  private static LogLine attempt(String name, Push push, Attempt attempt) {
    Subject subject = Subject.of(push);
    // Not the attempt itself: it holds payload and answer.
    int number = attempt.number();
    long tookMs = attempt.tookNanos() / 1_000_000;
    int bytes = attempt.payload().body().length();
    if (attempt.answer() == null) {
      String failure = Reason.of(attempt.failure());
      return new LogLine(
          name,
          to -> {
            subject.addTo(to);
            to.add(Key.ATTEMPT, number);
            to.add(Key.FAILURE, failure);
            to.add(Key.DURATION_MS, tookMs);
            to.add(Key.BYTES, bytes);
          });
    }
    int status = attempt.answer().response().code();
    String reason = attempt.answer().response().reason();
    return new LogLine(
        name,
        to -> {
          subject.addTo(to);
          to.add(Key.ATTEMPT, number);
          to.add(Key.STATUS, status);
          to.add(Key.REASON, reason);
          to.add(Key.DURATION_MS, tookMs);
          to.add(Key.BYTES, bytes);
        });
  }

  /** At debug level: what the push service was sent, and what it answered; without contents. */
  static LogLine exchange(Push push, Attempt attempt) {
    Subject subject = Subject.of(push);
    int number = attempt.number();
    String headers = subject.cut(Secrets.headers(attempt.payload().headers().entrySet()));
    int bytes = attempt.payload().body().length();
    String sent = subject.cut(BodyOutline.ofPush(attempt.payload().body().toString()));
    Response response = attempt.answer() == null ? null : attempt.answer().response();
    String url = response == null ? "" : subject.cut(BodyOutline.url(response.url()));
    String received = response == null ? "" : subject.cut(BodyOutline.ofAnswer(response.body()));
    return LogLine.of(
        "exchange",
        to -> {
          subject.addTo(to);
          to.add(Key.ATTEMPT, number);
          to.add(Key.BYTES, bytes);
          to.add(Key.URL, url);
          to.add(Key.SENT_HEADERS, headers);
          to.add(Key.SENT_BODY, sent);
          to.add(Key.RECEIVED_BODY, received);
        },
        headers,
        sent,
        received);
  }

  /**
   * The push has ended.
   *
   * @param tookMs since it was accepted, milliseconds
   */
  public static LogLine outcome(Push push, Outcome outcome, long tookMs) {
    Subject subject = Subject.of(push);
    String result = outcome.result().name();
    int status = outcome.response().code();
    String reason = outcome.response().reason();
    int attempts = outcome.attempts();
    return new LogLine(
        "outcome",
        to -> {
          subject.addTo(to);
          to.add(Key.OUTCOME, result);
          to.add(Key.STATUS, status);
          to.add(Key.REASON, reason);
          to.add(Key.ATTEMPTS, attempts);
          to.add(Key.DURATION_MS, tookMs);
        });
  }
}
