// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.cluster;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.pushserver.dispatch.CallCancel;
import org.pushserver.dispatch.RungDevice;
import org.pushserver.dispatch.RungDevices;
import org.pushserver.events.PushListener;
import org.pushserver.push.Kind;
import org.pushserver.push.Outcome;
import org.pushserver.push.Push;
import org.pushserver.queue.KeptPush;
import org.pushserver.spi.Reason;
import org.pushserver.spi.Time;
import org.pushserver.wire.DamagedPushException;
import org.pushserver.wire.PushBytes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who was rung by other servers, so that their calls can be cancelled by the call-id alone when
 * they have gone: each tells the one that a call belongs to without it, a few times a second, which
 * phones it has rung and which cancels it has had. What is not told in time is forgotten. Any
 * thread.
 */
final class RungCopies implements PushListener {
  /**
   * What is told by this name, over the event bus of the cluster: pushes, each after its length.
   */
  static final String NAME = "rung";

  /** A cancel comes seconds after its ring: so there is time to tell many at once. */
  static final long TICK_MS = 100;

  /** So much is told at a time, in bytes; of what is more nothing is known elsewhere. */
  private static final int MOST = 1 << 20;

  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final Logger LOG = LoggerFactory.getLogger(RungCopies.class);

  private final Peers peers;
  private final Time time;
  private final RecentCancels cancels;
  private final Map<Node, Buffer> fresh = new HashMap<>();
  private final Set<Node> busy = new HashSet<>();
  private boolean isTicking;

  /** Null before another server has told anything. */
  private volatile RungDevices others;

  /**
   * @param cancels those that came to this server
   */
  RungCopies(Nodes nodes, Peers peers, Time time, RecentCancels cancels) {
    this.peers = peers;
    this.time = time;
    this.cancels = cancels;
    nodes.answer(NAME, this::take);
  }

  @Override
  public void accepted(Push push, boolean isAwaited) {
    if (push.event().kind() == Kind.CANCEL) {
      tell(push);
    }
  }

  @Override
  public void ended(Push push, Outcome outcome, long now) {
    if (push.event().kind() == Kind.RING && mayRing(outcome) && !cancels.isOver(push)) {
      tell(push);
    }
  }

  private static boolean mayRing(Outcome outcome) {
    return switch (outcome.result()) {
      case DELIVERED -> true;
      case EXPIRED, ABANDONED -> outcome.attempts() > 0;
      default -> false;
    };
  }

  private void tell(Push push) {
    if (push.callId().isEmpty()) {
      return;
    }
    Node node = peers.ownership().ownerWithout(peers.self(), Ownership.key(push));
    if (node == null) {
      return;
    }
    byte[] bytes = PushBytes.timed(new KeptPush(push), time.now());
    synchronized (this) {
      Buffer all = fresh.computeIfAbsent(node, first -> Buffer.buffer());
      if (all.length() < MOST) {
        Buffer unused = all.appendInt(bytes.length).appendBytes(bytes);
      }
      tickSoon();
    }
  }

  private void tickSoon() {
    if (!isTicking) {
      isTicking = true;
      time.timer(TICK_MS, () -> tick().onComplete(told -> again()));
    }
  }

  private synchronized void again() {
    if (!fresh.isEmpty()) {
      tickSoon();
    }
  }

  /** Tells what there is to tell. {@return completes when it was told, or could not be} */
  private Future<Void> tick() {
    Map<Node, Buffer> now = new HashMap<>();
    synchronized (this) {
      isTicking = false;
      fresh.keySet().retainAll(peers.ownership().members());
      fresh.forEach(
          (node, told) -> {
            if (busy.add(node)) {
              now.put(node, told);
            }
          });
      fresh.keySet().removeAll(now.keySet());
    }
    List<Future<Void>> all = new ArrayList<>();
    now.forEach((node, told) -> all.add(tell(node, told)));
    return all.isEmpty() ? Future.succeededFuture() : Future.join(all).mapEmpty();
  }

  private Future<Void> tell(Node node, Buffer told) {
    return peers
        .ask(node, NAME, told, PATIENCE)
        .onComplete(
            (answer, cause) -> {
              synchronized (this) {
                busy.remove(node);
              }
              if (cause != null) {
                LOG.debug("server {} was not told who was rung: {}", node.name(), Reason.of(cause));
              }
            })
        .transform(done -> Future.succeededFuture());
  }

  private Future<Buffer> take(Node from, Buffer told) {
    long now = time.now();
    try {
      int at = 0;
      while (at < told.length()) {
        int begin = at + Integer.BYTES;
        int end = begin + told.getInt(at);
        // Enters a ring, and takes out that of a cancel.
        boolean unused = others().isOver(PushBytes.read(told.getBytes(begin, end), now).push());
        at = end;
      }
    } catch (DamagedPushException | RuntimeException e) {
      return Future.failedFuture(e);
    }
    return Future.succeededFuture(Buffer.buffer());
  }

  private synchronized RungDevices others() {
    if (others == null) {
      others = new RungDevices(time);
    }
    return others;
  }

  /** The devices that others have rung for a call, as far as it is for them; each once. */
  List<RungDevice> cancel(CallCancel cancel) {
    RungDevices known = others;
    return known == null ? List.of() : known.take(cancel);
  }

  /** Tells the last of it. {@return completes within two seconds; does not fail} */
  Future<Void> close() {
    Promise<Void> over = Promise.promise();
    long timer = time.timer(PATIENCE.toMillis(), over::tryComplete);
    tick().onComplete(told -> over.tryComplete());
    return over.future().onComplete(done -> time.cancel(timer));
  }
}
