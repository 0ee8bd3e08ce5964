// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.ingress;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vertx.core.http.HttpMethod;
import io.vertx.openapi.contract.Operation;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.pushserver.observe.ObservedServer;

/** The running server does what its OpenAPI document says. */
@Timeout(60)
class DocumentedIT {
  @TempDir private Path directory;

  @Test
  void everyPageIsThereAndAsDescribed() throws Exception {
    try (ObservedServer observed = new ObservedServer(directory)) {
      Set<String> asked = new TreeSet<>();
      for (Operation operation : ApiContract.operations()) {
        if (HttpMethod.GET.equals(operation.getHttpMethod())) {
          asked.add(operation.getOpenAPIPath());
          HttpResponse<String> answer =
              observed.get(
                  observed.port(),
                  operation
                      .getOpenAPIPath()
                      .replace("{call_id}", "c1")
                      .replace("{account}", "bob@example.com"));
          assertMayAnswer(operation.getOperationId(), answer);
        }
      }
      assertEquals(
          Set.of(
              "/",
              "/dead",
              "/health/live",
              "/health/ready",
              "/metrics",
              "/openapi.json",
              "/v2/tokens/{account}",
              "/v3/calls/{call_id}",
              "/v3/events",
              "/v3/pushes"),
          asked);
    }
  }

  @Test
  void theAnswersOfRealPushesAreAsDescribed() throws Exception {
    try (ObservedServer observed = new ObservedServer(directory)) {
      assertMayAnswer("push", observed.ring("phone-of-bob", "c1"));
      assertMayAnswer("push", observed.ring("dead-phone", "c2"));
      assertMayAnswer("push", observed.ring("", "c3"));
    }
  }

  private static void assertMayAnswer(String operation, HttpResponse<String> answer) {
    String type = answer.headers().firstValue("content-type").orElseThrow();
    ApiContract.assertMayAnswer(operation, answer.statusCode(), type, answer.body());
  }
}
