// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.audit;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.LongAdder;
import org.pushserver.log.DroppedLines;
import org.pushserver.log.Key;
import org.pushserver.log.LogLine;
import org.pushserver.push.AppKey;
import org.pushserver.push.Push;
import org.pushserver.route.Reply;
import org.pushserver.spi.Doubling;
import org.pushserver.spi.Reason;
import org.pushserver.spi.Time;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One remote collector: the reports that wait for it, and when to try again. While it fails, one
 * report at a time finds out whether it works again; when too many wait, the oldest are dropped and
 * counted. Confined to one event loop.
 */
final class Collector {
  /** How many reports are with it at a time. */
  static final int IN_FLIGHT = 8;

  static final int MOST_REPORTS = 1_000;
  private static final int MOST_BYTES = 4 * 1024 * 1024;

  /** What a report takes beside its text. */
  private static final int ITSELF = 300;

  private static final Duration LAST_REPORTS = Duration.ofSeconds(2);
  private static final Doubling PAUSE = new Doubling(1_000, 60_000);
  private static final Logger LOG = LoggerFactory.getLogger("org.pushserver.push");
  private static final LongAdder DROPPED = DroppedLines.of("collectors");

  /** Not the push itself: a report may wait longer than it lives. */
  private record Waiting(String callId, AppKey app, Buffer report) {
    int bytes() {
      return report.length() + ITSELF;
    }
  }

  private final String section;
  private final String shown;
  private final boolean secretive;
  private final ReportPoster poster;
  private final Time time;
  private final Deque<Waiting> queue = new ArrayDeque<>();
  private int bytes;
  private int inFlight;
  private int failures;
  private boolean refusing;
  private boolean pausing;
  private long dropped;
  private Promise<Void> closing;

  Collector(CollectorConfig config, URI url, HttpClient client, Time time) {
    this.section = config.section();
    this.shown = shown(url);
    this.secretive = config.secretive();
    this.poster = new ReportPoster(config, url, client, time);
    this.time = time;
  }

  /** Without what may be a secret: user, password and query. */
  private static String shown(URI url) {
    String port = url.getPort() < 0 ? "" : ":" + url.getPort();
    return url.getScheme() + "://" + url.getHost() + port + url.getRawPath();
  }

  /** Takes a report, and sends it when it can. */
  void take(Push push, Buffer report) {
    Waiting last = new Waiting(push.callId(), push.app(), report);
    while (!ReportMemory.take(last.bytes())) {
      if (queue.isEmpty()) {
        drop(1);
        return;
      }
      dropFirst();
    }
    queue.addLast(last);
    bytes += last.bytes();
    while (queue.size() > MOST_REPORTS || bytes > MOST_BYTES) {
      dropFirst();
    }
    send();
  }

  private void dropFirst() {
    leave(removeFirst());
    drop(1);
  }

  private Waiting removeFirst() {
    Waiting first = queue.removeFirst();
    bytes -= first.bytes();
    return first;
  }

  /** It is neither sent nor kept any more. */
  private static void leave(Waiting one) {
    ReportMemory.free(one.bytes());
  }

  private void drop(int count) {
    dropped += count;
    DROPPED.add(count);
  }

  private void send() {
    int room = failures == 0 ? IN_FLIGHT : 1;
    while (!pausing && inFlight < room && !queue.isEmpty()) {
      Waiting next = removeFirst();
      inFlight++;
      poster
          .post(next.report())
          .onComplete(
              (answer, cause) -> {
                inFlight--;
                if (cause == null) {
                  answered(next, answer);
                } else {
                  failed(next, Reason.of(cause));
                }
                send();
                tellWhenEmpty();
              });
    }
  }

  private void answered(Waiting one, Reply answer) {
    if (ReportPoster.isWorthRetrying(answer)) {
      failed(one, "answered " + answer.status());
      return;
    }
    leave(one);
    if (failures > 0) {
      LOG.info("[{}] collector {} takes reports again", section, shown);
    }
    failures = 0;
    if (!ReportPoster.isSuccess(answer)) {
      refused(answer.status());
      return;
    }
    refusing = false;
    if (dropped > 0) {
      LOG.warn("[{}] {} reports to collector {} were dropped", section, dropped, shown);
      dropped = 0;
    }
    if (LOG.isInfoEnabled()) {
      String text = secretive ? "" : poster.text(answer, debug());
      LOG.info(LogLine.MESSAGE, line(one, answer.status(), text));
    }
  }

  private static boolean debug() {
    return LOG.isDebugEnabled();
  }

  private LogLine line(Waiting one, int status, String text) {
    // Not the report itself.
    String callId = one.callId();
    AppKey app = one.app();
    return new LogLine(
        "collector",
        to -> {
          to.add(Key.CALL_ID, callId);
          to.add(Key.APP_ID, app.appId());
          to.add(Key.PLATFORM, app.platform());
          to.add(Key.URL, shown);
          to.add(Key.STATUS, status);
          to.add(Key.ANSWER, text);
        });
  }

  /** The same report would be refused again. */
  private void refused(int status) {
    drop(1);
    if (!refusing) {
      refusing = true;
      LOG.warn("[{}] collector {} refuses reports: it answers {}", section, shown, status);
    }
  }

  private void failed(Waiting one, String why) {
    // Not when many were in flight together and one has told already.
    if (failures == 0) {
      LOG.warn("[{}] collector {} takes no reports: {}; they wait", section, shown, why);
    }
    if (closing != null) {
      leave(one);
      drop(1);
      return;
    }
    queue.addFirst(one);
    bytes += one.bytes();
    if (!pausing) {
      failures++;
      pausing = true;
      time.timer(PAUSE.delay(failures, ThreadLocalRandom.current()), this::tryAgain);
    }
  }

  private void tryAgain() {
    pausing = false;
    send();
  }

  private void tellWhenEmpty() {
    if (closing != null && queue.isEmpty() && inFlight == 0) {
      closing.tryComplete();
    }
  }

  /** Sends what waits, for a bounded time, unless it fails anyway; the rest is dropped. */
  Future<Void> close() {
    closing = Promise.promise();
    if (failures > 0) {
      closing.complete();
    } else {
      tellWhenEmpty();
    }
    long timer = time.timer(LAST_REPORTS.toMillis(), closing::tryComplete);
    return closing
        .future()
        .onComplete(
            done -> {
              time.cancel(timer);
              while (!queue.isEmpty()) {
                dropFirst();
              }
              if (dropped > 0) {
                LOG.warn("[{}] {} reports to collector {} were dropped", section, dropped, shown);
              }
            });
  }
}
