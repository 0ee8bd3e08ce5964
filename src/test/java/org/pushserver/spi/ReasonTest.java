// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

class ReasonTest {
  @Test
  void aMessageIsItsOwnReasonWithoutTheNamesOfClasses() {
    assertEquals("no route to host", Reason.of(new IOException("no route to host")));
    assertEquals(
        "no route to host",
        Reason.of(new IllegalStateException(new IOException("no route to host"))));
    assertEquals("api.example.com", Reason.of(new IOException("api.example.com")));
    assertEquals(
        "(certificate_unknown) PKIX path building failed: unable to find a path",
        Reason.of(
            new IOException(
                "(certificate_unknown) PKIX path building failed:"
                    + " sun.security.provider.certpath.SunCertPathBuilderException:"
                    + " unable to find a path")));
  }

  @Test
  void whatHasNoMessageIsToldByItsCauseOrItsKind() {
    assertEquals("why", Reason.of(new IOException(null, new IOException("why"))));
    assertEquals("it took too long", Reason.of(new TimeoutException()));
    assertEquals("the connection was closed", Reason.of(new ClosedChannelException()));
    assertTrue(
        Reason.of(new IllegalStateException())
            .startsWith("an unexpected error at ReasonTest.java:"));
  }

  @Test
  void filesAreToldWithWhatIsWrongWithThem() {
    assertEquals("/a: no such file or directory", Reason.of(new NoSuchFileException("/a")));
    assertEquals("/a: permission denied", Reason.of(new AccessDeniedException("/a")));
    assertEquals(
        "/a: Too many open files",
        Reason.of(new FileSystemException("/a", null, "Too many open files")));
  }

  @Test
  void aProgrammersMistakeIsToldWithItsPlaceAlone() {
    Throwable mistake = null;
    try {
      Object number = 1;
      String unused = (String) number;
    } catch (ClassCastException e) {
      mistake = e;
    }
    String reason = Reason.of(mistake);
    assertTrue(reason.startsWith("a programming error at ReasonTest.java:"), reason);
  }

  @Test
  void causesThatGoRoundInACircleEnd() {
    IllegalStateException one = new IllegalStateException((String) null);
    IllegalStateException two = new IllegalStateException(null, one);
    Throwable unused = one.initCause(two);
    assertTrue(Reason.of(one).startsWith("an unexpected error"));
  }
}
