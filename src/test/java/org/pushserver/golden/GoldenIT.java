// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.golden;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.pushserver.fake.FakePushServices.Received;

/**
 * Every request of version 1 that was recorded from an existing installation. What ours does
 * otherwise is in {@link GoldenAnswer} and {@link GoldenDifference}.
 */
class GoldenIT extends GoldenReplay<GoldenAnswer> {
  @Override
  List<GoldenCase> cases() {
    return GoldenCase.all();
  }

  @Override
  int recorded() {
    return 298;
  }

  @Override
  Set<GoldenAnswer> differences() {
    return EnumSet.allOf(GoldenAnswer.class);
  }

  @Override
  Set<GoldenAnswer> differences(GoldenCase recorded, GoldenExpected expected) {
    return GoldenAnswer.applyAll(recorded, expected);
  }

  @Override
  void alsoHolds(
      Set<GoldenAnswer> differences,
      GoldenCase recorded,
      JsonNode answer,
      List<Received> received) {
    if (differences.equals(EnumSet.of(GoldenAnswer.OWN_WORDS))) {
      String description = answer.get("description").textValue();
      for (String field : recorded.fieldsAtFault()) {
        assertTrue(description.contains(field), description);
      }
    }
    assertTrue(
        received.stream().map(one -> one.headers().getOrDefault("apns-id", "")).distinct().count()
            <= 1,
        "a push keeps its apns-id");
  }
}
