// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.cluster;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.pushserver.dispatch.ApplicationSnapshot;
import org.pushserver.dispatch.RunningApplications;
import org.pushserver.push.AppKey;
import org.pushserver.spi.Time;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the other servers each second how this one is, and at once when something has changed;
 * hears the same of them. So nobody has to be asked, and waited for, when somebody wants to know.
 * Any thread.
 */
public final class RollCall {
  /** Who says nothing for so long does not answer. */
  public static final Duration SILENCE = Duration.ofSeconds(3);

  static final String QUESTION = "state";
  private static final long EVERY_MS = 1_000;

  /**
   * A server that was heard once counts as mute when it has said nothing while this one has told
   * all so often how it is. The cluster itself misses a process that stands still earlier, and
   * knows it more surely. Not in seconds: when this server stood still itself, it has heard nobody.
   */
  private static final int MUTE_AFTER = 5;

  private static final Logger LOG = LoggerFactory.getLogger(RollCall.class);

  /** Changes that come together are told together. */
  private static final long SOON_MS = 20;

  private static final Duration PATIENCE = Duration.ofSeconds(1);
  private static final Buffer HEARD = Buffer.buffer("ok");
  private static final Buffer TELL_ALL = Buffer.buffer("all");

  private record Heard(NodeState state, long atMs) {}

  private final Nodes nodes;
  private final Time time;
  private final Context context;
  private final Supplier<Map<AppKey, Integer>> offers;
  private final Runnable changed;
  private final long since;
  private final Map<String, Heard> heard = new ConcurrentHashMap<>();

  /** How often this server has told all how it is since it has heard one of them. */
  private final Map<String, Integer> unheard = new ConcurrentHashMap<>();

  private final List<Runnable> muteWatchers = new CopyOnWriteArrayList<>();
  private volatile RunningApplications applications;
  private volatile long waiting;

  /** The edition of what this server offers that others have. From here on: one event loop. */
  private final Map<String, Long> known = new HashMap<>();

  private final Set<String> silent = new HashSet<>();
  private Map<AppKey, Integer> offered = Map.of();
  private long edition;
  private boolean isSoon;
  private boolean closed;

  /**
   * @param context of the event loop on which it works
   * @param offers how many attempts at a time this server makes for others
   * @param changed told on that event loop when it is otherwise with another server
   */
  RollCall(
      Nodes nodes,
      Time time,
      Context context,
      Supplier<Map<AppKey, Integer>> offers,
      Runnable changed) {
    this.nodes = nodes;
    this.time = time;
    this.context = context;
    this.offers = offers;
    this.changed = changed;
    this.since = time.now();
    nodes.answer(QUESTION, (node, told) -> Future.succeededFuture(hear(node, told)));
    nodes.watch(members -> context.runOnContext(turn -> joinedOrLeft()));
  }

  /**
   * Begins.
   *
   * @param running what it tells of
   */
  public void start(RunningApplications running) {
    applications = running;
    context.runOnContext(turn -> tick());
  }

  /** Ends it. */
  public void close() {
    context.runOnContext(turn -> closed = true);
  }

  /** What this server offers has changed. */
  void soon() {
    context.runOnContext(
        turn -> {
          if (!isSoon && applications != null) {
            isSoon = true;
            time.timer(
                SOON_MS,
                () -> {
                  isSoon = false;
                  tellAll();
                });
          }
        });
  }

  private void tick() {
    if (closed) {
      return;
    }
    applications
        .snapshots()
        .onSuccess(looks -> waiting = looks.stream().mapToLong(RollCall::unended).sum());
    tellAll();
    noteSilence();
    heard.keySet().forEach(this::noteUnheard);
    time.timer(EVERY_MS, this::tick);
  }

  private static long unended(ApplicationSnapshot look) {
    return (long) look.counts().waiting() + look.counts().inFlight();
  }

  private void tellAll() {
    if (closed) {
      return;
    }
    Map<AppKey, Integer> now = offers.get();
    if (!now.equals(offered)) {
      offered = Map.copyOf(now);
      edition++;
    }
    NodeState state = own();
    others().forEach(node -> tell(node, state, true));
  }

  private NodeState own() {
    RunningApplications running = applications;
    return new NodeState(
        since,
        running != null && running.isClosing(),
        waiting,
        running == null ? 0 : running.statuses().size(),
        edition,
        offered);
  }

  /** What the other has already is not told again. */
  private void tell(Node node, NodeState state, boolean again) {
    boolean isKnown = Long.valueOf(state.edition()).equals(known.get(node.id()));
    nodes
        .ask(node, QUESTION, state.bytes(!isKnown), PATIENCE)
        .onSuccess(
            reply ->
                context.runOnContext(
                    turn -> {
                      if (reply.equals(HEARD)) {
                        known.put(node.id(), state.edition());
                      } else {
                        known.remove(node.id());
                        if (again) {
                          tell(node, state, false);
                        }
                      }
                    }));
  }

  private Buffer hear(Node node, Buffer told) {
    Heard before = heard.get(node.id());
    NodeState state = NodeState.of(told, before == null ? null : before.state());
    if (state == null) {
      return TELL_ALL;
    }
    heard.put(node.id(), new Heard(state, time.millis()));
    Integer vain = unheard.put(node.id(), 0);
    if (vain != null && vain >= MUTE_AFTER) {
      LOG.info("server {} says something again", node.name());
      muteWatchers.forEach(Runnable::run);
    }
    if (before == null || !before.state().offers().equals(state.offers())) {
      context.runOnContext(turn -> changed.run());
    }
    return HEARD;
  }

  /** Who came after the change that is told may have been heard already. */
  private void joinedOrLeft() {
    Set<String> ids = new HashSet<>();
    nodes.members().forEach(member -> ids.add(member.id()));
    heard.keySet().retainAll(ids);
    unheard.keySet().retainAll(ids);
    known.keySet().retainAll(ids);
    silent.retainAll(ids);
    changed.run();
    if (applications != null) {
      tellAll();
    }
  }

  private void noteSilence() {
    Set<String> now = new HashSet<>();
    heard.forEach(
        (id, last) -> {
          if (!isFresh(last)) {
            now.add(id);
          }
        });
    if (!now.equals(silent)) {
      silent.clear();
      silent.addAll(now);
      changed.run();
    }
  }

  private boolean isFresh(Heard last) {
    return last != null && time.millis() - last.atMs() <= SILENCE.toMillis();
  }

  /** Whether nothing was heard of a server for too long, or it has gone. */
  boolean isSilent(String id) {
    return !isFresh(heard.get(id));
  }

  private void noteUnheard(String id) {
    if (unheard.merge(id, 1, Integer::sum) == MUTE_AFTER) {
      LOG.warn(
          "server {} belongs to the cluster, and has said nothing for {} s:"
              + " it counts as one that has left",
          others().stream()
              .filter(node -> node.id().equals(id))
              .map(Node::name)
              .findFirst()
              .orElse(id),
          MUTE_AFTER * EVERY_MS / 1_000);
      muteWatchers.forEach(Runnable::run);
    }
  }

  /**
   * Whether a server was heard, and has said nothing for longer than it takes to be taken for one
   * that has left.
   */
  boolean isMute(String id) {
    return unheard.getOrDefault(id, 0) >= MUTE_AFTER;
  }

  /**
   * Says what is told when a server is mute, or is not any more. Any thread.
   *
   * @param changed must not block
   */
  void watchMute(Runnable changed) {
    muteWatchers.add(changed);
  }

  private List<Node> others() {
    return nodes.members().stream().filter(node -> !node.id().equals(nodes.self().id())).toList();
  }

  /**
   * The servers that send for this one, and how many attempts at a time each would make.
   *
   * @return empty when none does
   */
  Map<Node, Integer> offers(AppKey app) {
    Map<Node, Integer> found = new LinkedHashMap<>();
    for (Node node : others()) {
      Heard last = heard.get(node.id());
      int offer = isFresh(last) ? last.state().offers().getOrDefault(app, 0) : 0;
      if (offer > 0) {
        found.put(node, offer);
      }
    }
    return found;
  }

  /** All servers of the cluster, as far as this one knows; by their names. Never waits. */
  public List<NodeReport> reports() {
    List<NodeReport> reports = new ArrayList<>();
    reports.add(report(nodes.self(), true, new Heard(own(), time.millis())));
    others().forEach(node -> reports.add(report(node, false, heard.get(node.id()))));
    reports.sort((one, other) -> one.node().name().compareTo(other.node().name()));
    return reports;
  }

  private NodeReport report(Node node, boolean isSelf, Heard last) {
    if (last == null) {
      return new NodeReport(node, isSelf, false, 0, false, 0, 0, 0, 0);
    }
    NodeState state = last.state();
    return new NodeReport(
        node,
        isSelf,
        isFresh(last),
        state.since(),
        state.isStopping(),
        state.up(),
        state.applications(),
        state.waiting(),
        Math.max(0, time.millis() - last.atMs()));
  }
}
