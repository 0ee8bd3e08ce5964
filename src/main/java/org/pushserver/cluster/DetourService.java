// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.cluster;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.pushserver.push.Answer;
import org.pushserver.push.AppKey;
import org.pushserver.push.Push;
import org.pushserver.spi.Condition;
import org.pushserver.spi.Condition.State;
import org.pushserver.spi.Connections;
import org.pushserver.spi.NotSentException;
import org.pushserver.spi.Payload;
import org.pushserver.spi.PayloadMaker;
import org.pushserver.spi.PushService;
import org.pushserver.spi.Time;
import org.pushserver.spi.Trial;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A push service of an application that other servers of the cluster have, too: when its own way is
 * down for more than a moment, its attempts go through one that is up. Confined to one event loop,
 * but for what says otherwise.
 */
final class DetourService implements PushService {
  /** A connection that is replaced is back sooner. */
  static final long MOMENT_MS = 1_000;

  /** Who has just had no room is left alone for so long. */
  private static final long PAUSE_MS = 250;

  /** Of its window, so much is for others: the rest is for its own pushes, whatever comes. */
  private static final int SHARE = 4;

  private static final Logger LOG = LoggerFactory.getLogger(DetourService.class);
  private static final long NONE = -1;

  private final Detours detours;
  private final AppKey key;
  private final String section;
  private final PayloadMaker payloads;
  private final PushService own;

  /** The attempts that other servers make for it now, server by server. */
  private final Map<String, Set<Promise<Answer>>> through = new HashMap<>();

  /** Servers that have just had no room. */
  private final Set<String> paused = new HashSet<>();

  private volatile Context context;
  private volatile int offer;
  private Time time;
  private Runnable changed;
  private int ownInFlight;
  private int foreignInFlight;
  private long timer = NONE;
  private boolean isDown;
  private boolean isTold;
  private boolean closed;

  DetourService(
      Detours detours, AppKey key, String section, PayloadMaker payloads, PushService own) {
    this.detours = detours;
    this.key = key;
    this.section = section;
    this.payloads = payloads;
    this.own = own;
  }

  AppKey key() {
    return key;
  }

  /** How many attempts at a time it makes for other servers; 0 while it cannot. Any thread. */
  int offer() {
    return offer;
  }

  @Override
  public Future<Void> open(Vertx vertx, Time newTime, Runnable newChanged) {
    time = newTime;
    changed = newChanged;
    context = vertx.getOrCreateContext();
    detours.opened(this);
    return own.open(vertx, newTime, this::ownChanged).onSuccess(opened -> look());
  }

  private void ownChanged() {
    look();
    changed.run();
  }

  private void look() {
    if (closed) {
      return;
    }
    int window = own.window();
    int now = own.condition().state() == State.CONNECTED ? window / SHARE : 0;
    boolean wasUp = offer > 0;
    offer = now;
    if (wasUp != now > 0) {
      detours.offerChanged();
    }
    if (window > 0) {
      up();
    } else if (!isDown && timer == NONE) {
      timer = time.timer(MOMENT_MS, this::stillDown);
    }
  }

  private void up() {
    stopTimer();
    isDown = false;
    if (isTold) {
      isTold = false;
      LOG.info("[{}] sends over its own connection again", section);
    }
  }

  private void stopTimer() {
    if (timer != NONE) {
      time.cancel(timer);
      timer = NONE;
    }
  }

  private void stillDown() {
    timer = NONE;
    if (own.window() == 0) {
      isDown = true;
      tell();
      changed.run();
    }
  }

  /** It is otherwise with the other servers. Any thread. */
  void othersChanged() {
    context.runOnContext(
        turn -> {
          Map.copyOf(through).keySet().stream().filter(detours::isSilent).forEach(this::giveUp);
          if (isDown) {
            tell();
            changed.run();
          }
        });
  }

  /** Its answers would come too late, if at all. */
  private void giveUp(String id) {
    Set.copyOf(through.get(id))
        .forEach(open -> open.tryFail("the server that was to send it does not answer any more"));
  }

  private void tell() {
    Map<Node, Integer> ways = detours.ways(key);
    if (!isTold && !ways.isEmpty()) {
      isTold = true;
      LOG.warn(
          "[{}] has no connection ({}); its pushes go through {}",
          section,
          own.condition().reason(),
          names(ways));
    }
  }

  private static String names(Map<Node, Integer> ways) {
    return ways.keySet().stream().map(Node::name).collect(Collectors.joining(", "));
  }

  /** For as many as others send now, this has so many fewer. */
  @Override
  public int window() {
    int window = own.window();
    if (window > 0) {
      return Math.max(1, window - foreignInFlight);
    }
    return isDown ? ways().values().stream().mapToInt(Integer::intValue).sum() : 0;
  }

  @Override
  public Condition condition() {
    Condition condition = own.condition();
    if (!isDown || condition.state() != State.CONNECTING) {
      return condition;
    }
    Map<Node, Integer> ways = detours.ways(key);
    return ways.isEmpty()
        ? condition
        : new Condition(
            State.CONNECTED, "through " + names(ways) + "; here: " + condition.reason());
  }

  @Override
  public Future<Answer> send(Push push, Payload payload) {
    if (isDown && own.window() == 0) {
      Node node = roomiest();
      if (node != null) {
        return sendThrough(node, push);
      }
    }
    return sendItself(push, payload);
  }

  private Future<Answer> sendItself(Push push, Payload payload) {
    ownInFlight++;
    return own.send(push, payload).onComplete(done -> ownInFlight--);
  }

  private Future<Answer> sendThrough(Node node, Push push) {
    Promise<Answer> answer = Promise.promise();
    Set<Promise<Answer>> open = through.computeIfAbsent(node.id(), id -> new HashSet<>());
    open.add(answer);
    detours.send(node, push).onComplete(answer::tryComplete, answer::tryFail);
    return answer
        .future()
        .onComplete(
            done -> {
              open.remove(answer);
              if (open.isEmpty()) {
                through.remove(node.id());
              }
              if (done.cause() instanceof NotSentException) {
                pause(node.id());
              }
            });
  }

  private void pause(String id) {
    if (paused.add(id)) {
      time.timer(
          PAUSE_MS,
          () -> {
            paused.remove(id);
            changed.run();
          });
    }
  }

  /** The servers that would send for it, with how many attempts at a time. */
  private Map<Node, Integer> ways() {
    Map<Node, Integer> ways = detours.ways(key);
    ways.keySet().removeIf(node -> paused.contains(node.id()));
    return ways;
  }

  /** The server with most room for another attempt; null when none has any. */
  private Node roomiest() {
    Node best = null;
    int most = 0;
    for (Map.Entry<Node, Integer> way : ways().entrySet()) {
      int room = way.getValue() - through.getOrDefault(way.getKey().id(), Set.of()).size();
      if (room > most) {
        most = room;
        best = way.getKey();
      }
    }
    return best;
  }

  /**
   * Makes an attempt for another server, over its own connection and no other. Any thread.
   *
   * @param reply completed with what came of it; never failed
   */
  void sendForOther(Push push, Promise<Buffer> reply) {
    context.runOnContext(
        turn ->
            attempt(push)
                .map(AttemptReply::of)
                .otherwise(AttemptReply::of)
                .onComplete(done -> reply.complete(done.result())));
  }

  private Future<Answer> attempt(Push push) {
    int window = own.window();
    long now = time.now();
    if (foreignInFlight >= window / SHARE || ownInFlight + foreignInFlight >= window) {
      return Future.failedFuture(new NotSentException("it has no room for others now"));
    } else if (push.remaining(now) == 0) {
      return Future.failedFuture(new NotSentException("its deadline has passed"));
    }
    Payload payload;
    try {
      payload = payloads.make(push, now);
    } catch (RuntimeException e) {
      return Future.failedFuture(new NotSentException("its notification cannot be made there", e));
    }
    foreignInFlight++;
    return Future.succeededFuture()
        .compose(begin -> own.send(push, payload))
        .onComplete(
            done -> {
              foreignInFlight--;
              changed.run();
            });
  }

  @Override
  public void hurry(long leftMs) {
    own.hurry(leftMs);
  }

  @Override
  public Optional<Instant> credentialExpiry() {
    return own.credentialExpiry();
  }

  @Override
  public Optional<Instant> tokenExpiry() {
    return own.tokenExpiry();
  }

  @Override
  public Connections connections() {
    return own.connections();
  }

  @Override
  public Optional<Answer> refusal(Push push, Payload payload) {
    return own.refusal(push, payload);
  }

  @Override
  public Future<Trial> tryCredentials(AppKey app) {
    return own.tryCredentials(app);
  }

  @Override
  public Future<Void> close() {
    offer = 0;
    closed = true;
    detours.closed(this);
    stopTimer();
    return own.close();
  }
}
