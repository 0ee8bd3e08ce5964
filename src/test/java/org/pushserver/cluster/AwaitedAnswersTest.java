// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.cluster;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pushserver.fake.Await.await;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.pushserver.fake.ManualTime;
import org.pushserver.spi.SamplePush;

/** What a server that stops still waits for. */
class AwaitedAnswersTest {
  private static final Duration LONGEST = Duration.ofSeconds(15);

  private final ManualTime time = new ManualTime(SamplePush.BORN);
  private final AwaitedAnswers answers = new AwaitedAnswers(time);

  private Promise<String> asked() {
    Promise<String> answer = Promise.promise();
    Future<String> unused = answers.await(answer.future());
    return answer;
  }

  @Test
  void itIsOverWhenThoseHaveComeThatWereAskedForBefore() {
    Promise<String> first = asked();
    Promise<String> second = asked();
    Future<Void> over = answers.over(LONGEST);
    Promise<String> later = asked();
    first.complete("yes");
    assertFalse(over.isComplete());
    second.fail("no");
    assertTrue(over.succeeded(), "it waits for one that was asked for later");
    later.complete("yes");
    assertTrue(answers.over(LONGEST).succeeded());
  }

  @Test
  void itIsOverAfterTheLongestTime() {
    Promise<String> unused = asked();
    Future<Void> over = answers.over(LONGEST);
    await(time.advance(LONGEST.minusMillis(1)));
    assertFalse(over.isComplete());
    await(time.advance(Duration.ofMillis(1)));
    assertTrue(over.succeeded());
  }
}
