// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.pushserver.fake.Await.await;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.spi.cluster.ClusterManager;
import io.vertx.ext.cluster.infinispan.InfinispanClusterManager;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.infinispan.Cache;
import org.infinispan.commons.api.BasicCacheContainer;
import org.infinispan.context.Flag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.pushserver.cluster.TestMembers.Running;
import org.pushserver.dispatch.VertxTime;
import org.pushserver.fake.Await;

/** The servers of a cluster know and ask each other. */
@Timeout(120)
class VertxNodesIT {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @RegisterExtension private final TestMembers members = new TestMembers();

  @Test
  void serversOfDifferentVersionsKnowAndAskEachOtherUntilOneLeaves() throws Exception {
    Running first = members.start(1);
    Running second =
        members.start(
            members.settings(2, TestMembers.tls(members.authority)),
            "9.9",
            VertxNodes.PROTOCOL + 1);
    first.untilMembers(2);
    second.untilMembers(2);
    assertEquals(List.of("n1 1.0", "n2 9.9"), seenBy(first));
    assertEquals(List.of("n1 1.0", "n2 9.9"), seenBy(second));
    assertEquals(first.nodes().members(), second.nodes().members());

    List<Integer> changes = new CopyOnWriteArrayList<>();
    first.nodes().watch(now -> changes.add(now.size()));
    second.vertx().eventBus().publish(OwnEntry.HELLO, second.nodes().self().id());
    assertEquals("this server does not know how to answer that", refusal(second, "n1", "other"));
    assertEquals(List.of(), changes, "who says again that he is there has not gone");

    second
        .nodes()
        .answer(
            "greet",
            (who, what) -> Future.succeededFuture(Buffer.buffer(who.name() + " says " + what)));
    second.nodes().answer("refuse", (who, what) -> Future.failedFuture("never"));
    second.nodes().answer("think", (who, what) -> Future.future(never -> {}));
    assertEquals("n1 says hello", asked(first, "n2", "greet"));
    assertEquals("n2 says hello", asked(second, "n2", "greet"));
    assertEquals("never", refusal(first, "n2", "refuse"));
    assertEquals("this server does not know how to answer that", refusal(first, "n2", "other"));

    Future<Buffer> open =
        first.nodes().ask(first.named("n2"), "think", Buffer.buffer(), Duration.ofMinutes(10));
    members.leave(second);
    first.untilMembers(1);
    Throwable unused = Await.failure(open);
  }

  private static List<String> seenBy(Running one) {
    return one.nodes().members().stream()
        .map(node -> node.name() + " " + node.version())
        .sorted()
        .toList();
  }

  private static String asked(Running asking, String whom, String what) throws Exception {
    return await(asking.nodes().ask(asking.named(whom), what, Buffer.buffer("hello"), PATIENCE))
        .toString();
  }

  private static String refusal(Running asking, String whom, String what) {
    return Await.failure(
            asking.nodes().ask(asking.named(whom), what, Buffer.buffer("hello"), PATIENCE))
        .getMessage();
  }

  /** As the others do when they take it for gone, which it need not see. */
  private static void forget(Running forgotten) {
    BasicCacheContainer caches =
        ((InfinispanClusterManager) ((VertxInternal) forgotten.vertx()).clusterManager())
            .getCacheContainer();
    String id = forgotten.nodes().self().id();
    Object unused = caches.getCache("__vertx.nodeInfo").remove(id);
    Object unusedToo = caches.getCache("__vertx.subs").remove("pushserver.node." + id);
  }

  @Test
  void aServerThatTheOthersHaveForgottenTellsThemThatItIsThere() throws Exception {
    Running first = members.start(1);
    first.nodes().answer("greet", (who, what) -> Future.succeededFuture(what));
    forget(first);
    Running second = members.start(2);
    second.untilMembers(2);
    first.untilMembers(2);
    assertEquals("hello", asked(second, "n1", "greet"));
  }

  /** Does not see one member, as long as a test wants. */
  private static ClusterManager without(AtomicReference<String> hidden, ClusterManager manager) {
    return (ClusterManager)
        Proxy.newProxyInstance(
            VertxNodesIT.class.getClassLoader(),
            new Class<?>[] {ClusterManager.class},
            (proxy, method, arguments) ->
                method.getName().equals("getNodes")
                    ? manager.getNodes().stream().filter(id -> !id.equals(hidden.get())).toList()
                    : method.invoke(manager, arguments));
  }

  /** A server that stood still, sees no member leave, and finds in its own memory who it is. */
  @Test
  @SuppressWarnings("unchecked")
  void aServerThatIsForgottenByTheOthersAloneIsToldSoAndTellsThemThatItIsThere() throws Exception {
    AtomicReference<String> hidden = new AtomicReference<>();
    AtomicReference<ClusterManager> manager = new AtomicReference<>();
    Running first = members.start(1);
    Running second =
        members.start(
            2,
            real -> {
              manager.set(real);
              return without(hidden, real);
            });
    first.untilMembers(2);
    second.untilMembers(2);
    second.nodes().answer("greet", (who, what) -> Future.succeededFuture(what));
    assertEquals("hello", asked(first, "n2", "greet"));
    String id = first.nodes().self().id();

    hidden.set(id);
    second.untilMembers(1);
    BasicCacheContainer caches = ((InfinispanClusterManager) manager.get()).getCacheContainer();
    Cache<Object, Object> known = (Cache<Object, Object>) caches.getCache("__vertx.nodeInfo");
    Object unused = known.getAdvancedCache().withFlags(Flag.CACHE_MODE_LOCAL).remove(id);
    hidden.set(null);
    assertEquals("hello", asked(first, "n2", "greet"));

    second.untilMembers(2);
  }

  @Test
  void aProgramWhoseVertxIsNotClusteredIsToldSo() throws Exception {
    Vertx vertx = Vertx.vertx();
    try {
      Future<VertxNodes> opened = VertxNodes.open(vertx, new VertxTime(vertx), "c", "n", "1.0");
      Throwable why = Await.failure(opened);
      assertEquals(
          "[cluster]: the Vert.x that this server runs on is not clustered; remove the section, or"
              + " build it with a cluster manager",
          why.getMessage());
    } finally {
      await(vertx.close());
    }
  }
}
