// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pushserver.fake.Await.await;

import io.vertx.core.Completable;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.spi.cluster.ClusterManager;
import io.vertx.core.spi.cluster.NodeInfo;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OwnEntryTest {
  private final Vertx vertx = Vertx.vertx();
  private final List<Completable<NodeInfo>> asked = new CopyOnWriteArrayList<>();
  private final List<Object> written = new CopyOnWriteArrayList<>();

  /** One that says what it knows when the test lets it. */
  private final ClusterManager manager =
      (ClusterManager)
          Proxy.newProxyInstance(
              OwnEntryTest.class.getClassLoader(),
              new Class<?>[] {ClusterManager.class},
              (proxy, method, arguments) -> answer(method.getName(), arguments));

  private final OwnEntry entry =
      new OwnEntry(
          vertx,
          manager,
          "questions",
          new NodeInfo("localhost", 1, null),
          question -> {},
          greeting -> {});

  @SuppressWarnings("unchecked")
  private Object answer(String method, Object[] arguments) {
    switch (method) {
      case "getNodeId" -> {
        return "self";
      }
      case "setNodeInfo" -> {
        written.add(arguments[0]);
        ((Completable<Void>) arguments[1]).succeed();
      }
      case "getNodeInfo" -> asked.add((Completable<NodeInfo>) arguments[1]);
      default -> throw new UnsupportedOperationException(method);
    }
    return null;
  }

  @BeforeEach
  void write() {
    await(entry.write());
  }

  @AfterEach
  void close() {
    await(vertx.close());
  }

  @Test
  void whatWasForgottenIsWrittenAgain() {
    Future<Boolean> mended = entry.mend(false);
    asked.get(0).fail(new IllegalStateException("not there"));

    assertTrue(await(mended));
    assertEquals(2, written.size());
  }

  @Test
  void aServerThatHasClosedMeanwhileIsNotWrittenAgain() {
    Future<Boolean> mended = entry.mend(false);
    await(entry.close());
    asked.get(0).fail(new IllegalStateException("not there"));

    assertFalse(await(mended));
    assertEquals(1, written.size());
  }
}
