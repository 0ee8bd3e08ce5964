// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.search;

import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.pushserver.endpoint.AdmittedRequest;
import org.pushserver.spi.Time;
import org.pushserver.trail.Trail;
import org.pushserver.trail.TrailEntry;
import org.pushserver.trail.TrailFollower;

/**
 * One who is told of pushes as they end, in server-sent events. He is told as fast as he reads; a
 * few entries wait for him, of more he is told how many he has missed; and who has read nothing for
 * a minute is cut off. On the event loop of his connection, unless it is said otherwise.
 */
final class EventReader implements TrailFollower {
  /** So many entries wait for one reader. */
  static final int MOST_WAITING = 250;

  /** So many notes do. */
  private static final int MOST_NOTES = 32;

  private static final long BEAT_MS = TimeUnit.SECONDS.toMillis(15);
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);

  /** HTTP/2: the answer is not wanted any more. */
  private static final long CANCEL = 8;

  private static final CharSequence TYPE =
      HttpHeaders.createOptimized("text/event-stream; charset=utf-8");
  private static final Buffer BEGINNING = Buffer.buffer("retry: 3000\n\n: you are connected\n\n");
  private static final Buffer BEAT = Buffer.buffer(": all is well\n\n");
  private static final Buffer CHANGED =
      Buffer.buffer("event: end\ndata: {\"why\":\"the API keys have changed; connect again\"}\n\n");
  private static final Buffer BEFORE = Buffer.buffer("event: push\ndata: ");
  private static final Buffer AFTER = Buffer.buffer("\n\n");

  private final AdmittedRequest request;
  private final EventSubscription wanted;
  private final LongSupplier idleMs;
  private final Time time;
  private final HttpServerResponse response;
  private final Context loop;

  /** Guarded by itself, and so are the next three. */
  private final Deque<TrailEntry> waiting = new ArrayDeque<>();

  /** What he should know, each in a sentence, as it was last said. */
  private final Deque<String> notes = new ArrayDeque<>();

  private long missed;
  private boolean called;

  private Runnable whenEnded;
  private Runnable follower;
  private long timer;
  private long readAt;
  private boolean ended;

  /**
   * @param idleMs how long a connection may do nothing, in milliseconds
   */
  EventReader(AdmittedRequest request, EventSubscription wanted, LongSupplier idleMs, Time time) {
    this.request = request;
    this.wanted = wanted;
    this.idleMs = idleMs;
    this.time = time;
    this.response = request.context().response();
    this.loop = request.context().vertx().getOrCreateContext();
  }

  /** What comes before all events. */
  static HttpServerResponse head(HttpServerResponse response) {
    return response
        .putHeader(HttpHeaders.CONTENT_TYPE, TYPE)
        // What is compressed waits for more to compress.
        .putHeader(HttpHeaders.CONTENT_ENCODING, HttpHeaders.IDENTITY)
        .putHeader("X-Accel-Buffering", "no");
  }

  /**
   * Begins to tell.
   *
   * @param onEnd run once, when nobody is told any more
   */
  void begin(Trail trail, Runnable onEnd) {
    whenEnded = onEnd;
    readAt = time.nanos();
    response.closeHandler(closed -> ended());
    response.exceptionHandler(failed -> ended());
    response.drainHandler(drained -> tell());
    if (response.closed()) {
      // He has gone before he was told anything; nobody tells of that any more.
      ended();
      return;
    }
    beatLater();
    follower = trail.follow(wanted.scope(), this);
    head(response).setChunked(true).write(BEGINNING);
  }

  /** Takes what has ended. On a thread of the trail. */
  @Override
  public void take(TrailEntry entry) {
    if (!wanted.filter().test(entry)) {
      return;
    }
    synchronized (waiting) {
      // What comes after a gap comes after the word of it.
      if (missed > 0 || waiting.size() >= MOST_WAITING) {
        missed++;
      } else {
        waiting.add(entry);
      }
    }
    call();
  }

  @Override
  public void missed(long count) {
    synchronized (waiting) {
      missed += count;
    }
    call();
  }

  @Override
  public void note(String sentence) {
    synchronized (waiting) {
      if (notes.size() >= MOST_NOTES) {
        notes.remove();
      }
      notes.add(sentence);
    }
    call();
  }

  private void call() {
    synchronized (waiting) {
      if (called) {
        return;
      }
      called = true;
    }
    loop.runOnContext(go -> tell());
  }

  private void tell() {
    synchronized (waiting) {
      called = false;
    }
    while (!ended && !response.writeQueueFull()) {
      readAt = time.nanos();
      String note;
      TrailEntry entry;
      long gap = 0;
      synchronized (waiting) {
        note = notes.poll();
        entry = note == null ? waiting.poll() : null;
        if (note == null && entry == null) {
          gap = missed;
          missed = 0;
        }
      }
      if (note != null) {
        response.write(event("note", new JsonObject().put("note", note)));
      } else if (entry != null) {
        response.write(
            Buffer.buffer()
                .appendBuffer(BEFORE)
                .appendBuffer(wanted.form().apply(entry))
                .appendBuffer(AFTER));
      } else if (gap > 0) {
        response.write(event("missed", new JsonObject().put("missed", gap)));
      } else {
        return;
      }
    }
  }

  private static Buffer event(String name, JsonObject data) {
    return Buffer.buffer("event: " + name + "\ndata: " + data.encode() + "\n\n");
  }

  private void beatLater() {
    // A connection that does nothing is closed: often enough that this one is not.
    long pause = Math.max(1, Math.min(BEAT_MS, idleMs.getAsLong() / 3));
    timer = time.timer(pause, () -> loop.runOnContext(go -> beat()));
  }

  private void beat() {
    if (ended) {
      return;
    }
    if (!wanted.holds().getAsBoolean()) {
      response.write(CHANGED);
      end();
    } else if (!response.writeQueueFull()) {
      readAt = time.nanos();
      response.write(BEAT);
      request.goesOn();
      beatLater();
    } else if (time.nanos() - readAt > PATIENCE_NANOS) {
      ended();
      response.reset(CANCEL);
    } else {
      request.goesOn();
      beatLater();
    }
  }

  /** Ends it. Any thread. */
  void end() {
    loop.runOnContext(
        go -> {
          if (!ended) {
            ended();
            response.end();
          }
        });
  }

  private void ended() {
    if (!ended) {
      ended = true;
      time.cancel(timer);
      if (follower != null) {
        follower.run();
      }
      synchronized (waiting) {
        waiting.clear();
      }
      whenEnded.run();
    }
  }
}
