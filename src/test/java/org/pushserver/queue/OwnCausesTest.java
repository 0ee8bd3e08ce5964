// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pushserver.cause.Causes;
import org.pushserver.push.AppKey;
import org.pushserver.push.Response;
import org.pushserver.trail.TrailEnd;
import org.pushserver.trail.TrailEntry;

/** Whatever this server answers in the place of a push service has a sentence of its own. */
class OwnCausesTest {
  private static String row(TrailEnd end, Response said) {
    TrailEntry entry =
        new TrailEntry(
            UUID.randomUUID(),
            1,
            100,
            end,
            new AppKey("com.example.phone", AppKey.APPLE),
            "incoming_session",
            "call",
            "",
            "",
            "",
            "",
            0,
            "",
            said.code(),
            said.reason(),
            0,
            List.of(),
            "");
    return Causes.explain(entry, List.of()).id();
  }

  @Test
  void whatTheQueueAnswersHasARow() {
    assertEquals("caller-hung-up", row(TrailEnd.SUPERSEDED, OwnAnswers.cancelled()));
    assertEquals("not-kept", row(TrailEnd.OVERLOADED, OwnAnswers.notKept()));
    assertEquals(
        "not-built",
        row(TrailEnd.REFUSED, OwnAnswers.unbuilt(new IllegalStateException("no 'account'"))));
  }

  /** The words are in the source that is named, so that neither is changed alone. */
  @ParameterizedTest
  @CsvSource({
    "OVERLOADED, queue/Room, too many pushes wait for this application, queue-full",
    "OVERLOADED, queue/Room, the pushes that wait take all the memory they may, memory-full",
    "OVERLOADED, dispatch/AppVerticle, the server is shutting down, stopping",
    "OVERLOADED, dispatch/UnseenPushes, the application is not running, not-running",
    "OVERLOADED, dispatch/OpenServices, the application has stopped, not-running",
    "ABANDONED, dispatch/AppVerticle, the server is shutting down, stopped-before-sent",
    "ABANDONED, queue/OwnAnswers, the push could not be kept, not-kept-after-all",
    "ABANDONED, dispatch/AppVerticle, the application is no longer configured, section-removed",
    "SUPERSEDED, queue/OwnAnswers, nothing to cancel, nothing-to-cancel",
    "SUPERSEDED, queue/OwnAnswers, applications of this type cannot be told to stop, cannot-be-told",
    "EXPIRED, queue/OwnAnswers, its turn did not come in time, turn-too-late"
  })
  void whatIsTurnedAwayGivenUpOrCancelledHasARow(
      TrailEnd end, String source, String words, String row) throws IOException {
    assertTrue(
        Files.readString(Path.of("src/main/java/org/pushserver", source + ".java")).contains(words),
        words);
    assertEquals(row, row(end, OwnAnswers.failure(503, words)));
  }
}
