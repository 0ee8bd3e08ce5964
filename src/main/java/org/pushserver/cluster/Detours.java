// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.cluster;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.pushserver.dispatch.ServiceExtension;
import org.pushserver.events.Application;
import org.pushserver.push.Answer;
import org.pushserver.push.AppKey;
import org.pushserver.push.Push;
import org.pushserver.queue.KeptPush;
import org.pushserver.spi.PayloadMaker;
import org.pushserver.spi.PushService;
import org.pushserver.spi.Reason;
import org.pushserver.spi.Time;
import org.pushserver.wire.DamagedPushException;
import org.pushserver.wire.PushBytes;

/**
 * The ways of this server's applications to their push services through other servers, and what it
 * sends for those. A push stays with the server that it belongs to, where its ring, cancel and
 * repetition meet: only the attempt crosses, and it never goes on to a third. Any thread.
 */
public final class Detours implements ServiceExtension {
  static final String QUESTION = "attempt";

  /** Longer than any push service takes that answers at all. */
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  private final Nodes nodes;
  private final Time time;
  private final ClusterCounts counts;
  private final RollCall roll;
  private final Map<AppKey, List<DetourService>> services = new ConcurrentHashMap<>();

  /**
   * @param context of an event loop, for what the servers tell each other of themselves
   */
  public Detours(Nodes nodes, Time time, Context context, ClusterCounts counts) {
    this.nodes = nodes;
    this.time = time;
    this.counts = counts;
    this.roll = new RollCall(nodes, time, context, this::offers, this::othersChanged);
    nodes.answer(QUESTION, (node, asked) -> attempt(asked));
  }

  /** How the servers are. */
  public RollCall roll() {
    return roll;
  }

  @Override
  public PushService extend(Application application, PayloadMaker payloads, PushService own) {
    return new DetourService(this, application.key(), application.section(), payloads, own);
  }

  void opened(DetourService service) {
    services.computeIfAbsent(service.key(), key -> new CopyOnWriteArrayList<>()).add(0, service);
  }

  void closed(DetourService service) {
    services.computeIfPresent(
        service.key(),
        (key, some) -> {
          some.remove(service);
          return some.isEmpty() ? null : some;
        });
    roll.soon();
  }

  /** What a service of this server offers has changed. */
  void offerChanged() {
    roll.soon();
  }

  private void othersChanged() {
    services.values().forEach(some -> some.forEach(DetourService::othersChanged));
  }

  private Map<AppKey, Integer> offers() {
    Map<AppKey, Integer> offers = new HashMap<>();
    services.forEach(
        (key, some) ->
            offers.put(key, some.stream().mapToInt(DetourService::offer).max().orElse(0)));
    return offers;
  }

  /** The servers that send for this one, with how many attempts at a time. */
  Map<Node, Integer> ways(AppKey app) {
    return roll.offers(app);
  }

  /** Whether a server that belongs to the cluster does not answer, or belongs to it no more. */
  boolean isSilent(String id) {
    return roll.isSilent(id);
  }

  /** Lets another server make an attempt. */
  Future<Answer> send(Node node, Push push) {
    counts.countThroughOther();
    Buffer asked = Buffer.buffer(PushBytes.timed(new KeptPush(push), time.now()));
    return nodes
        .ask(node, QUESTION, asked, PATIENCE)
        .transform(
            done ->
                done.succeeded()
                    ? AttemptReply.read(done.result())
                    : Future.failedFuture(
                        "server "
                            + node.name()
                            + ", which sends for this one: "
                            + Reason.of(done.cause())));
  }

  /** Makes an attempt for another server; does not fail. */
  private Future<Buffer> attempt(Buffer asked) {
    Push push;
    try {
      push = PushBytes.read(asked.getBytes(), time.now()).push();
    } catch (DamagedPushException e) {
      return Future.succeededFuture(
          AttemptReply.notSent("the push cannot be understood: " + Reason.of(e)));
    }
    for (DetourService service : services.getOrDefault(push.app(), List.of())) {
      if (service.offer() > 0) {
        counts.countForOther();
        Promise<Buffer> reply = Promise.promise();
        service.sendForOther(push, reply);
        return reply.future();
      }
    }
    return Future.succeededFuture(AttemptReply.notSent("it has no way itself any more"));
  }
}
