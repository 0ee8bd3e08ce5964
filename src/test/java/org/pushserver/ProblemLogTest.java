// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.pushserver.fake.LogTrail;
import org.pushserver.spi.Problem;
import org.pushserver.spi.Problem.Severity;

class ProblemLogTest {
  private static final Problem WARNING = problem(Severity.WARNING);
  private static final Problem ERROR = problem(Severity.ERROR);
  private static final Problem FATAL = problem(Severity.FATAL);

  private final LogTrail trail = new LogTrail(ProblemLog.class.getName());
  private final ProblemLog log = new ProblemLog(problem -> "; so what");

  private static Problem problem(Severity severity) {
    return new Problem(severity, "general.ini", "server", "port", severity.name());
  }

  @AfterEach
  void close() {
    trail.close();
  }

  @Test
  void aProblemIsToldOnceForAsLongAsItStays() {
    assertTrue(log.applied(List.of(WARNING, ERROR)));
    assertFalse(log.applied(List.of(ERROR, WARNING)));
    assertEquals(List.of("general.ini [server] port: WARNING"), trail.lines(Level.WARN));
    assertEquals(List.of("general.ini [server] port: ERROR; so what"), trail.lines(Level.ERROR));
    assertFalse(log.applied(List.of()));
    assertTrue(log.applied(List.of(ERROR)));
    assertEquals(3, trail.lines().size());
  }

  @Test
  void aWarningIsNoReasonToReadOnceMore() {
    assertFalse(log.applied(List.of(WARNING)));
  }

  @Test
  void whatWasToldBeforeARefusalIsNotToldAgainAfterIt() {
    assertTrue(log.applied(List.of(ERROR)));
    assertTrue(log.refused(List.of(FATAL)));
    assertFalse(log.refused(List.of(FATAL)));
    assertFalse(log.applied(List.of(ERROR)));
    assertEquals(
        List.of("general.ini [server] port: ERROR; so what", "general.ini [server] port: FATAL"),
        trail.lines(Level.ERROR));
    assertTrue(log.refused(List.of(FATAL)));
  }
}
