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
import org.pushserver.events.ReportEnd;
import org.pushserver.events.ReportEnd.Result;
import org.pushserver.events.ReportListener;
import org.pushserver.log.DroppedLines;
import org.pushserver.log.Key;
import org.pushserver.log.LogLine;
import org.pushserver.push.AppKey;
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

  /** How long a result may wait for its webhook. */
  static final Duration LONGEST_WAIT = Duration.ofDays(1);

  private static final String CROWDED = "too many wait";
  private static final Duration LAST_REPORTS = Duration.ofSeconds(2);
  private static final Doubling PAUSE = new Doubling(1_000, 60_000);
  private static final Logger LOG = LoggerFactory.getLogger("org.pushserver.push");
  private static final LongAdder DROPPED = DroppedLines.of("collectors");

  /**
   * @param since by the clock that nobody sets, in nanoseconds
   */
  private record Waiting(ReportSubject about, Buffer report, long since) {
    int bytes() {
      return report.length() + ITSELF;
    }
  }

  private final CollectorConfig config;
  private final String section;
  private final String shown;
  private final String who;
  private final ReportPoster poster;
  private final Time time;
  private final ReportListener reports;
  private final Deque<Waiting> queue = new ArrayDeque<>();
  private int bytes;
  private int inFlight;
  private int failures;
  private boolean refusing;
  private boolean pausing;
  private long dropped;
  private Promise<Void> closing;

  /**
   * @param reports told what becomes of each
   */
  Collector(CollectorConfig config, URI url, HttpClient client, Time time, ReportListener reports) {
    this.config = config;
    this.section = config.section();
    this.shown = shown(url);
    this.who = config.who();
    this.poster = new ReportPoster(config, url, client, time);
    this.time = time;
    this.reports = reports;
  }

  /** Without what may be a secret: user, password and query. */
  private static String shown(URI url) {
    String port = url.getPort() < 0 ? "" : ":" + url.getPort();
    return url.getScheme() + "://" + url.getHost() + port + url.getRawPath();
  }

  /** Takes a report, and sends it when it can. */
  void take(ReportSubject about, Buffer report) {
    Waiting last = new Waiting(about, report, time.nanos());
    while (!ReportMemory.take(last.bytes())) {
      if (queue.isEmpty()) {
        drop(last, 0, CROWDED);
        return;
      }
      dropFirst(CROWDED);
    }
    queue.addLast(last);
    bytes += last.bytes();
    while (queue.size() > MOST_REPORTS || bytes > MOST_BYTES) {
      dropFirst(CROWDED);
    }
    send();
  }

  private void dropFirst(String why) {
    Waiting first = removeFirst();
    leave(first);
    drop(first, 0, why);
  }

  /** A webhook that comes too late helps nobody, and may have been missed for good. */
  private void dropOld() {
    while (config.kind() == ReportEnd.Kind.WEBHOOK
        && !queue.isEmpty()
        && time.nanos() - queue.getFirst().since() > LONGEST_WAIT.toNanos()) {
      dropFirst("it waited for a day");
    }
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

  private void drop(Waiting one, int status, String why) {
    dropped++;
    DROPPED.increment();
    report(one, Result.DROPPED, status, why);
  }

  private void report(Waiting one, Result result, int status, String why) {
    ReportSubject about = one.about();
    reports.reported(
        new ReportEnd(
            config.kind(),
            result,
            about.push(),
            about.app(),
            about.callId(),
            shown,
            status,
            why,
            time.now()));
  }

  private void send() {
    dropOld();
    int room = failures == 0 ? IN_FLIGHT : 1;
    while (!pausing && inFlight < room && !queue.isEmpty()) {
      Waiting next = removeFirst();
      inFlight++;
      poster
          .post(next.report(), next.about().push())
          .onComplete(
              (answer, cause) -> {
                inFlight--;
                if (cause == null) {
                  answered(next, answer);
                } else {
                  failed(next, 0, Reason.of(cause));
                }
                send();
                tellWhenEmpty();
              });
    }
  }

  private void answered(Waiting one, Reply answer) {
    if (ReportPoster.isWorthRetrying(answer)) {
      failed(one, answer.status(), "answered " + answer.status());
      return;
    }
    leave(one);
    if (failures > 0) {
      LOG.info("[{}] {} {} takes reports again", section, who, shown);
    }
    failures = 0;
    if (!ReportPoster.isSuccess(answer)) {
      refused(one, answer.status());
      return;
    }
    refusing = false;
    report(one, Result.DELIVERED, answer.status(), "");
    tellDropped();
    if (LOG.isInfoEnabled()) {
      String text = config.isSecretive() ? "" : poster.text(answer, debug());
      LOG.info(LogLine.MESSAGE, line(one, answer.status(), text));
    }
  }

  private void tellDropped() {
    if (dropped > 0) {
      LOG.warn("[{}] {} reports to {} {} were dropped", section, dropped, who, shown);
      dropped = 0;
    }
  }

  private static boolean debug() {
    return LOG.isDebugEnabled();
  }

  private LogLine line(Waiting one, int status, String text) {
    // Not the report itself.
    String callId = one.about().callId();
    AppKey app = one.about().app();
    return new LogLine(
        who,
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
  private void refused(Waiting one, int status) {
    drop(one, status, "it answers " + status);
    if (!refusing) {
      refusing = true;
      LOG.warn("[{}] {} {} refuses reports: it answers {}", section, who, shown, status);
    }
  }

  private void failed(Waiting one, int status, String why) {
    // Not when many were in flight together and one has told already.
    if (failures == 0) {
      LOG.warn("[{}] {} {} takes no reports: {}; they wait", section, who, shown, why);
    }
    if (closing != null) {
      leave(one);
      drop(one, status, why);
      return;
    }
    report(one, Result.FAILED, status, why);
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
                dropFirst("the server, or its application, ends");
              }
              tellDropped();
            });
  }
}
