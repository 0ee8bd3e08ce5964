// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.pushserver.api.MessageSchema;

/** The requests that existing installations took, beside the schema of requests. */
class GoldenSchemaTest {
  /** What the schema's description grants to scripts; a service is held to the form. */
  private static final Pattern CARELESS =
      Pattern.compile(".*-null-.*|.*-number|variants/firebase-badge-string");

  /** What the recorded installation took by mistake. */
  private static final String MISTAKEN = "validation/linphone-apple-empty-token";

  private static List<GoldenCase> taken() {
    return GoldenCase.all().stream()
        .filter(one -> one.status() < 300 && one.body().toString().startsWith("{"))
        .filter(one -> !one.id().equals(MISTAKEN))
        .toList();
  }

  private static boolean isInTheForm(GoldenCase recorded) {
    return MessageSchema.REQUEST.allows(new JsonObject(recorded.body()));
  }

  @Test
  void whatIsTakenIsInTheFormUnlessItIsCareless() {
    assertTrue(taken().size() > 50);
    assertEquals(
        List.of(),
        taken().stream()
            .filter(one -> !CARELESS.matcher(one.id()).matches() && !isInTheForm(one))
            .map(GoldenCase::id)
            .toList());
  }

  @Test
  void carelessRequestsAreNotInTheFormThoughTheyAreTaken() {
    assertTrue(
        taken().stream()
            .filter(one -> CARELESS.matcher(one.id()).matches())
            .anyMatch(one -> !isInTheForm(one)));
  }
}
