// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.cluster;

import static java.util.stream.Collectors.toCollection;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.pushserver.fake.Await.await;

import io.vertx.core.shareddata.AsyncMap;
import io.vertx.core.shareddata.Counter;
import io.vertx.ext.cluster.infinispan.InfinispanClusterManager;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.infinispan.manager.DefaultCacheManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.pushserver.cluster.TestMembers.Running;

/** What a member of a cluster keeps with the others, each of which takes its time at a join. */
@Timeout(120)
class ClusterMemberIT {
  @RegisterExtension private final TestMembers members = new TestMembers();

  private static Set<String> caches(Running one) {
    DefaultCacheManager caches =
        (DefaultCacheManager)
            ((InfinispanClusterManager) one.member().manager()).getCacheContainer();
    return Stream.concat(
            caches.getCacheNames().stream(),
            Stream.of(
                "org.infinispan.CONFIG",
                "org.infinispan.COUNTER",
                "org.infinispan.LOCKS",
                "org.infinispan.PERMISSIONS",
                "org.infinispan.ROLES"))
        .filter(caches::isRunning)
        .collect(toCollection(TreeSet::new));
  }

  @Test
  void aMemberKeepsWhatVertxUsesAndNoMore() throws Exception {
    Running first = members.start(1);
    Running second = members.start(2);
    Set<String> needed =
        Set.of(
            "__vertx.nodeInfo",
            "__vertx.subs",
            "org.infinispan.CONFIG",
            "org.infinispan.COUNTER",
            "org.infinispan.LOCKS");
    assertEquals(needed, caches(first));
    assertEquals(needed, caches(second));
  }

  @Test
  void whatIsPreparedLeavesNoThreadAndKeepsNobodyFromJoining() throws Exception {
    Set<Thread> before = Thread.getAllStackTraces().keySet();
    ClusterMember.prepare();
    Set<Thread> more = new HashSet<>(Thread.getAllStackTraces().keySet());
    more.removeAll(before);
    more.removeIf(thread -> !thread.isAlive() || isOfJava(thread));
    assertEquals(Set.of(), more);
    Running first = members.start(1);
    first.untilMembers(1);
  }

  private static boolean isOfJava(Thread thread) {
    return thread.getThreadGroup() != null && thread.getThreadGroup().getName().equals("system");
  }

  @Test
  void whatOtherServicesShareThroughVertxIsSharedByMembers() throws Exception {
    Running first = members.start(1);
    Running second = members.start(2);
    AsyncMap<String, String> map = await(first.vertx().sharedData().getClusterWideMap("shared"));
    await(map.put("key", "value"));
    assertEquals(
        "value",
        await(
            second
                .vertx()
                .sharedData()
                .<String, String>getClusterWideMap("shared")
                .compose(same -> same.get("key"))));
    Counter counter = await(first.vertx().sharedData().getCounter("count"));
    Counter same = await(second.vertx().sharedData().getCounter("count"));
    long one = await(counter.incrementAndGet());
    long two = await(same.incrementAndGet());
    assertEquals(1, one);
    assertEquals(2, two);
    await(second.vertx().sharedData().getLock("lock")).release();
  }
}
