// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.trail;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.pushserver.events.Application;
import org.pushserver.events.PushListener;
import org.pushserver.events.RefusedRequest;
import org.pushserver.push.Outcome;
import org.pushserver.push.Push;
import org.pushserver.spi.Reason;
import org.pushserver.spi.Time;
import org.pushserver.trail.TrailCounts.Dropped;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The trail of a running server: it listens, writes to files, and searches them. What cannot be
 * written is dropped and counted; no push waits for it, and none is refused. Any thread.
 */
public final class TrailRecorder implements Trail {
  /** So many bytes wait to be written, at the most. */
  static final long MOST_BYTES = 32L << 20;

  private static final Logger LOG = LoggerFactory.getLogger(TrailRecorder.class);

  private static final int REFUSALS_PER_SECOND = 100;
  private static final long STOP_MS = 2_000;
  private static final long LOOK_MS = 1_000;

  private record Follower(TrailScope scope, TrailFollower reader) {}

  private final Vertx vertx;
  private final Time time;
  private final TrailCounts counts = new TrailCounts();
  private final TrailQueue queue = new TrailQueue(MOST_BYTES, counts);
  private final RefusalLimit refusals;
  private final TrailUpkeep upkeep;
  private final TrailWriter writer;
  private final TrailSearch search;
  private final List<Follower> followers = new CopyOnWriteArrayList<>();
  private final Set<TrailListener> listeners = ConcurrentHashMap.newKeySet();

  private TrailRecorder(Vertx vertx, Time time, TrailLimits options) {
    this.vertx = vertx;
    this.time = time;
    this.refusals = new RefusalLimit(REFUSALS_PER_SECOND, time);
    TrailFiles files = new TrailFiles(options.folder());
    this.upkeep = new TrailUpkeep(files, options, time);
    this.writer = new TrailWriter(options, queue, files, upkeep, counts, time, this::tell);
    this.search = new TrailSearch(vertx, files, this::waiting);
  }

  /** Begins to write; what goes wrong with that {@link #state} says, and the log. */
  public static TrailRecorder start(Vertx vertx, Time time, TrailLimits options) {
    TrailRecorder recorder = new TrailRecorder(vertx, time, options);
    recorder.writer.start();
    return recorder;
  }

  @Override
  public PushListener listener() {
    return new PushListener() {
      @Override
      public PushListener of(Application application) {
        TrailListener listener =
            new TrailListener(application.key(), queue, time, listeners::remove);
        listeners.add(listener);
        return listener;
      }

      /** Of a push that no application has taken, as while it stops. */
      @Override
      public void ended(Push push, Outcome outcome, long now) {
        queue.offer(new TrailDraft(push, true).end(outcome, now));
      }
    };
  }

  @Override
  public void refused(TrailEntry entry) {
    if (refusals.allows()) {
      queue.offer(entry);
    } else {
      counts.dropped(Dropped.REFUSALS);
    }
  }

  /** The same, as the doors tell it. */
  public void refused(RefusedRequest request) {
    if (!refusals.allows()) {
      counts.dropped(Dropped.REFUSALS);
      return;
    }
    long now = time.now();
    queue.offer(
        new TrailEntry(
            UUID.randomUUID(),
            now,
            now,
            TrailEnd.NOT_LET_IN,
            request.app(),
            "",
            request.callId(),
            "",
            "",
            "",
            "",
            0,
            request.sender(),
            request.status(),
            request.reason(),
            0,
            List.of(TrailStep.of(TrailStep.What.ACCEPTED, now, request.asked())),
            ""));
  }

  @Override
  public void note(TrailNote note) {
    queue.offer(note);
  }

  @Override
  public Future<TrailPage> search(TrailQuery query) {
    Context caller = vertx.getOrCreateContext();
    Promise<TrailPage> found = Promise.promise();
    search.search(query).onComplete(page -> caller.runOnContext(turn -> found.handle(page)));
    return found.future();
  }

  /** What is not found here because it has ended is in a file when this completes. */
  private Future<List<TrailEntry>> waiting(TrailQuery query) {
    return underway(query).compose(all -> writer.flush().map(all));
  }

  private Future<List<TrailEntry>> underway(TrailQuery query) {
    List<Future<List<TrailEntry>>> looks =
        listeners.stream()
            .map(one -> one.underway(query).timeout(LOOK_MS, TimeUnit.MILLISECONDS))
            .toList();
    return Future.join(looks)
        .transform(
            done -> {
              List<TrailEntry> all = new ArrayList<>();
              looks.stream().filter(Future::succeeded).forEach(look -> all.addAll(look.result()));
              return Future.succeededFuture(all);
            });
  }

  @Override
  public Runnable follow(TrailScope scope, TrailFollower reader) {
    Follower follower = new Follower(scope, reader);
    followers.add(follower);
    return () -> followers.remove(follower);
  }

  private void tell(TrailEntry entry) {
    for (Follower follower : followers) {
      try {
        if (follower.scope().sees(entry.app())) {
          follower.reader().take(entry);
        }
      } catch (RuntimeException e) {
        LOG.error("telling of an entry of the trail failed: {}", Reason.of(e));
      }
    }
  }

  /** What was written, and what was not. */
  public TrailCounts counts() {
    return counts;
  }

  /** How it stands now. */
  public TrailState state() {
    List<StoredFile> files = upkeep.known();
    return new TrailState(
        writer.problem(),
        files.size(),
        files.stream().mapToLong(StoredFile::bytes).sum(),
        files.isEmpty() ? 0 : files.get(files.size() - 1).since(),
        upkeep.damaged(),
        queue.bytes(),
        writer.lagMs());
  }

  /**
   * Writes what has ended, and ends.
   *
   * @return completes when it has, within 4 s
   */
  public Future<Void> stop() {
    return search
        .close()
        .eventually(
            () ->
                vertx.executeBlocking(
                    () -> {
                      writer.stop(STOP_MS);
                      upkeep.stop(STOP_MS);
                      return null;
                    }));
  }
}
