// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pushserver.events.ReportEnd;
import org.pushserver.events.ReportEnd.Kind;
import org.pushserver.events.ReportEnd.Result;
import org.pushserver.fake.MemoryTrail;
import org.pushserver.push.AppKey;
import org.pushserver.trail.TrailNote;
import org.pushserver.trail.TrailStep;

class TrailNotesTest {
  private static final UUID PUSH = new UUID(1, 2);
  private static final AppKey PHONE = new AppKey("com.example.phone", AppKey.APPLE);

  private final MemoryTrail trail = new MemoryTrail();
  private final List<ReportEnd> told = new ArrayList<>();
  private final TrailNotes notes = new TrailNotes(trail, told::add);

  private static ReportEnd report(Kind kind, Result result, int status, String why) {
    return new ReportEnd(
        kind, result, PUSH, PHONE, "call-1", "https://owner.example", status, why, 5_000);
  }

  private static TrailNote note(int status, String text) {
    return new TrailNote(
        PUSH,
        PHONE,
        "call-1",
        new TrailStep(TrailStep.What.TOLD, 5_000, 0, status, text, -1, "", 0));
  }

  @Test
  void whoWasToldStandsInTheTrailOfThePush() {
    notes.reported(report(Kind.WEBHOOK, Result.DELIVERED, 204, ""));
    notes.reported(report(Kind.COLLECTOR, Result.DELIVERED, 200, ""));
    assertEquals(
        List.of(
            note(204, "webhook https://owner.example"),
            note(200, "collector https://owner.example")),
        trail.notes());
  }

  @Test
  void whatWasGivenUpStandsThereWithItsReason() {
    notes.reported(report(Kind.WEBHOOK, Result.DROPPED, 0, "it waited for a day"));
    assertEquals(
        List.of(note(0, "webhook https://owner.example, given up: it waited for a day")),
        trail.notes());
  }

  @ParameterizedTest
  @CsvSource({"WEBHOOK, FAILED", "COLLECTOR, FAILED", "DEAD_TOKENS, DELIVERED"})
  void aTryThatIsFollowedByAnotherAndAListOfDeadTokensStandInNone(Kind kind, Result result) {
    notes.reported(report(kind, result, 503, "busy"));
    assertEquals(List.of(), trail.notes());
  }

  @Test
  void whoeverListensBehindItHearsAllOfThem() {
    ReportEnd failed = report(Kind.WEBHOOK, Result.FAILED, 503, "busy");
    ReportEnd taken = report(Kind.WEBHOOK, Result.DELIVERED, 200, "");
    notes.reported(failed);
    notes.reported(taken);
    assertEquals(List.of(failed, taken), told);
  }
}
