// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.golden;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pushserver.fake.Await.await;
import static org.pushserver.fake.Await.until;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.pushserver.fake.FakePushServices.Received;
import org.pushserver.tokens.SqliteTokenStore;
import org.pushserver.tokens.TokenStore;

/**
 * Every recorded request of stored tokens, one after the other, to a server that begins with none
 * and keeps them where an operator's does: in {@code tokens.db}. What ours does otherwise is in
 * {@link GoldenTokenAnswer} and {@link GoldenDifference}.
 */
class GoldenTokensIT extends GoldenReplay<GoldenTokenAnswer> {
  private TokenStore beside;

  @Override
  List<GoldenCase> cases() {
    return GoldenCase.tokens();
  }

  @Override
  int recorded() {
    return 62;
  }

  @Override
  Set<GoldenTokenAnswer> differences() {
    return EnumSet.allOf(GoldenTokenAnswer.class);
  }

  @Override
  Set<GoldenTokenAnswer> differences(GoldenCase recorded, GoldenExpected expected) {
    return GoldenTokenAnswer.applyAll(recorded, expected);
  }

  @Override
  List<Received> inOrder(List<Received> received) {
    return received.stream()
        .sorted(Comparator.comparing(one -> one.path() + token(one.body().toString())))
        .toList();
  }

  @Override
  List<GoldenSent> sentInOrder(List<GoldenSent> sent) {
    return sent.stream()
        .sorted(
            Comparator.comparing(
                one ->
                    one.sent().get("path").textValue() + token(one.sent().get("body").toString())))
        .toList();
  }

  /** Apple's stands in the path. */
  private static String token(String notification) {
    return GoldenCase.parse(notification).at("/message/token").asText();
  }

  /** Dead devices are removed after the answer, and the next case begins without them. */
  @Override
  void alsoHolds(
      Set<GoldenTokenAnswer> differences,
      GoldenCase recorded,
      JsonNode answer,
      List<Received> received)
      throws Exception {
    for (JsonNode device : answer.path("data")) {
      if (device.path("code").asInt() == 410) {
        String token = device.path("token").textValue();
        until(
            () -> await(beside().list(null, 1000)).tokens().stream().noneMatch(it -> it.has(token)),
            () -> "a dead device is stored yet");
      }
    }
  }

  private TokenStore beside() throws Exception {
    if (beside == null) {
      assertTrue(Files.exists(servers().tokens()), "tokens are stored elsewhere");
      beside = SqliteTokenStore.openBeside(servers().tokens());
    }
    return beside;
  }

  @AfterAll
  void closeBeside() {
    if (beside != null) {
      await(beside.close());
      beside = null;
    }
  }
}
