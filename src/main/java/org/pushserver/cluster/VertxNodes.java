// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.cluster;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.json.JsonObject;
import io.vertx.core.spi.cluster.ClusterManager;
import io.vertx.core.spi.cluster.NodeInfo;
import io.vertx.core.spi.cluster.NodeListener;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.pushserver.spi.Time;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The servers of a cluster of Vert.x's, whichever cluster manager it has. What each is called, and
 * which version it runs, stands in what the cluster knows of it; others that belong to the same
 * cluster and are no push servers have nothing there, and do not count.
 */
public final class VertxNodes implements Nodes {
  /** Which form questions and answers have. A server asks each in the older form of both. */
  public static final int PROTOCOL = 1;

  private static final String KEY = "pushserver";
  private static final String ADDRESS = "pushserver.node.";

  private static final String WHAT = "what";
  private static final String FROM = "from";
  private static final String NAME = "name";

  /** What the clock of who asks, or answers, says. */
  private static final String CLOCK = "clock";

  /** Says that who asks belongs to the cluster, and that nobody knows who he is. */
  private static final String STRANGER = "stranger";

  private static final int FAILED = 1;

  /**
   * In which it is looked again who is there. A cluster manager may say that somebody has gone only
   * when it has put its own things in order.
   */
  private static final long LOOK_AGAIN_MS = 250;

  private static final Logger LOG = LoggerFactory.getLogger(VertxNodes.class);

  private record Asked(Node node, Promise<Buffer> promise) {}

  private final Vertx vertx;
  private final ClusterManager manager;
  private final Time time;
  private final String cluster;
  private final Node self;
  private final NodeInfo told;
  private final Context context;
  private final Map<String, BiFunction<Node, Buffer, Future<Buffer>>> answers =
      new ConcurrentHashMap<>();
  private final List<Consumer<List<Node>>> watchers = new CopyOnWriteArrayList<>();
  private final Set<Asked> asked = ConcurrentHashMap.newKeySet();

  /** Those of the context alone. */
  private final Map<String, Node> known = new TreeMap<>();

  private final SameNames names = new SameNames();
  private final MessageAges ages = new MessageAges();
  private final Set<String> departed = new HashSet<>();
  private final Set<String> looking = new HashSet<>();
  private final OwnEntry entry;
  private long timer;

  private volatile List<Node> members;

  /** Whether another has said so since it was looked. */
  private volatile boolean isStranger;

  private volatile boolean closed;

  private VertxNodes(
      Vertx vertx, ClusterManager manager, Time time, String cluster, Node self, NodeInfo told) {
    this.vertx = vertx;
    this.manager = manager;
    this.time = time;
    this.cluster = cluster;
    this.self = self;
    this.told = told;
    this.context = ((VertxInternal) vertx).createEventLoopContext();
    this.members = List.of(self);
    this.entry =
        new OwnEntry(vertx, manager, ADDRESS + self.id(), told, this::asked, this::greeted);
  }

  /**
   * Says that this server is there, and looks who else is.
   *
   * @param vertx that is clustered
   * @param cluster its name, for the log
   * @param name as operators call this server
   * @param version which it runs
   * @return completes when the others are known; fails when the Vert.x is not clustered
   */
  public static Future<VertxNodes> open(
      Vertx vertx, Time time, String cluster, String name, String version) {
    return open(vertx, time, cluster, name, version, PROTOCOL);
  }

  /**
   * @param protocol another than ours, for tests
   */
  static Future<VertxNodes> open(
      Vertx vertx, Time time, String cluster, String name, String version, int protocol) {
    ClusterManager manager = ((VertxInternal) vertx).clusterManager();
    if (manager == null) {
      return Future.failedFuture(
          "[cluster]: the Vert.x that this server runs on is not clustered; remove the section, or"
              + " build it with a cluster manager");
    }
    NodeInfo before = manager.getNodeInfo();
    JsonObject metadata = before.metadata() == null ? new JsonObject() : before.metadata().copy();
    metadata.put(
        KEY, new JsonObject().put("name", name).put("version", version).put("protocol", protocol));
    VertxNodes nodes =
        new VertxNodes(
            vertx,
            manager,
            time,
            cluster,
            new Node(manager.getNodeId(), name, version),
            new NodeInfo(before.host(), before.port(), metadata));
    return nodes.begin().map(nodes);
  }

  private Future<Void> begin() {
    Promise<Void> begun = Promise.promise();
    manager.nodeListener(
        new NodeListener() {
          @Override
          public void nodeAdded(String id) {
            context.runOnContext(turn -> added(id));
          }

          @Override
          public void nodeLeft(String id) {
            context.runOnContext(turn -> look());
          }
        });
    context.runOnContext(
        turn -> {
          known.put(self.id(), self);
          names.met(self, told);
          entry.write().compose(done -> look()).onComplete(begun);
          timer = time.timer(LOOK_AGAIN_MS, this::lookAgain);
        });
    return begun.future();
  }

  private void greeted(Message<String> message) {
    if (!self.id().equals(message.body())) {
      // What is being read may be from before it said so.
      looking.remove(message.body());
      look();
    }
  }

  /** One that has been there before comes back after a split: its other half may have forgotten. */
  private void added(String id) {
    if (departed.remove(id) && !closed) {
      LOG.info("{}: two halves of it have found each other again", cluster);
      Future<Void> unused = entry.write();
    }
    look();
  }

  private void lookAgain() {
    if (!closed) {
      look();
      names.look(known.values()).forEach(pair -> LOG.error("{}: {}", cluster, pair));
      boolean isForgotten = isStranger;
      isStranger = false;
      entry
          .mend(isForgotten)
          .onSuccess(
              wasForgotten -> {
                if (wasForgotten) {
                  LOG.warn("{}: others took this server for gone; it has told them", cluster);
                }
              });
      timer = time.timer(LOOK_AGAIN_MS, this::lookAgain);
    }
  }

  /** Reads who is there. {@return completes when all are known that say who they are} */
  @CanIgnoreReturnValue
  private Future<Void> look() {
    if (closed) {
      return Future.succeededFuture();
    }
    Set<String> there = new HashSet<>(manager.getNodes());
    there.add(self.id());
    List<Node> gone = known.values().stream().filter(one -> !there.contains(one.id())).toList();
    gone.forEach(this::left);
    publish();
    List<Future<Void>> read =
        there.stream()
            .filter(id -> !known.containsKey(id) && looking.add(id))
            .map(this::read)
            .toList();
    return read.isEmpty() ? Future.succeededFuture() : Future.join(read).mapEmpty();
  }

  private void left(Node node) {
    known.remove(node.id());
    names.forget(node);
    departed.add(node.id());
    LOG.warn(
        "{}: {} has gone; members: {}",
        cluster,
        node.name(),
        names(known.values().stream().toList()));
    asked.stream()
        .filter(one -> one.node().id().equals(node.id()))
        .forEach(one -> one.promise().tryFail(node.name() + " has left the cluster"));
  }

  private Future<Void> read(String id) {
    Promise<NodeInfo> promise = Promise.promise();
    manager.getNodeInfo(id, promise);
    Promise<Void> done = Promise.promise();
    promise
        .future()
        .onComplete(
            info ->
                context.runOnContext(
                    turn -> {
                      looking.remove(id);
                      if (info.succeeded()) {
                        joined(id, info.result());
                      }
                      done.complete();
                    }));
    return done.future();
  }

  private void joined(String id, NodeInfo info) {
    JsonObject of = info.metadata() == null ? null : info.metadata().getJsonObject(KEY);
    if (of == null || !manager.getNodes().contains(id)) {
      return;
    }
    Node node = new Node(id, of.getString("name", id), of.getString("version", "unknown"));
    names.met(node, info);
    if (!node.equals(known.put(id, node)) && members.stream().noneMatch(node::equals)) {
      LOG.info(
          "{}: {} is there, with Pushserver {}; members: {}",
          cluster,
          node.name(),
          node.version(),
          names(known.values().stream().toList()));
    }
    publish();
  }

  private static String names(List<Node> nodes) {
    return nodes.stream().map(Node::name).sorted().collect(Collectors.joining(", "));
  }

  private void publish() {
    List<Node> now = known.values().stream().sorted(Comparator.comparing(Node::id)).toList();
    if (!now.equals(members)) {
      members = now;
      watchers.forEach(one -> one.accept(now));
    }
  }

  private void asked(Message<Buffer> message) {
    BiFunction<Node, Buffer, Future<Buffer>> answer = answers.get(message.headers().get(WHAT));
    String id = message.headers().get(FROM);
    if (answer == null || id == null) {
      message.fail(FAILED, "this server does not know how to answer that");
      return;
    }
    if (isTooOld(id, message.headers().get(CLOCK))) {
      message.fail(FAILED, "it came too late");
      return;
    }
    Node from = known.getOrDefault(id, unknown(id, message.headers().get(NAME)));
    DeliveryOptions clock = new DeliveryOptions().addHeader(CLOCK, Long.toString(time.nanos()));
    if (!known.containsKey(id) && manager.getNodes().contains(id)) {
      clock.addHeader(STRANGER, id);
    }
    Future.<Void>succeededFuture()
        .compose(now -> answer.apply(from, message.body()))
        .onComplete(
            reply -> message.reply(reply, clock),
            cause -> message.fail(FAILED, String.valueOf(cause.getMessage())));
  }

  /** One that has just come, or has just gone. */
  private static Node unknown(String id, String name) {
    return new Node(id, name == null ? id : name, "unknown");
  }

  private boolean isTooOld(String from, String clock) {
    return clock != null && ages.isTooOld(from, Long.parseLong(clock), time.nanos());
  }

  private void learn(Node from, long asked, String clock) {
    if (clock != null) {
      ages.learn(from.id(), asked, time.nanos(), Long.parseLong(clock));
    }
  }

  @Override
  public Node self() {
    return self;
  }

  @Override
  public List<Node> members() {
    return members;
  }

  @Override
  public void watch(Consumer<List<Node>> changed) {
    watchers.add(changed);
  }

  @Override
  public Future<Buffer> ask(Node node, String what, Buffer body, Duration patience) {
    ContextInternal asking = ((VertxInternal) vertx).getOrCreateContext();
    Promise<Buffer> promise = asking.promise();
    Asked one = new Asked(node, promise);
    asked.add(one);
    long now = time.nanos();
    vertx
        .eventBus()
        .<Buffer>request(
            ADDRESS + node.id(),
            body,
            new DeliveryOptions()
                .setSendTimeout(Math.max(1, patience.toMillis()))
                .addHeader(WHAT, what)
                .addHeader(NAME, self.name())
                .addHeader(FROM, self.id())
                .addHeader(CLOCK, Long.toString(ages.asked(node.id(), now))))
        .onComplete(
            reply -> {
              if (reply.succeeded()) {
                learn(node, now, reply.result().headers().get(CLOCK));
                isStranger |= reply.result().headers().contains(STRANGER);
                promise.tryComplete(reply.result().body());
              } else {
                promise.tryFail(reply.cause());
              }
            });
    return promise.future().onComplete(ended -> asked.remove(one));
  }

  @Override
  public void answer(String what, BiFunction<Node, Buffer, Future<Buffer>> answer) {
    answers.put(what, answer);
  }

  /** Answers nothing more, and tells of no change. */
  public Future<Void> close() {
    closed = true;
    time.cancel(timer);
    Promise<Void> done = Promise.promise();
    context.runOnContext(turn -> entry.close().onComplete(done));
    return done.future();
  }
}
