// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** By which signal the server before is told, which may be of another version. */
class TakeOverTest {
  @ParameterizedTest
  @CsvSource({
    // As a server of JDK 17 has it, before and now: SIGUSR2 is always there, for the JVM itself.
    "2000000101005ccd, USR2",
    "2000000101005ecd, USR1",
    "0000000000000200, USR1",
    "ffffffffffffffff, USR1"
  })
  void whoHandlesTheSignalIsToldByItAndAnOlderServerByItsOwn(String handled, String signal) {
    String status = "Name:\tjava\nSigIgn:\t0000000000000200\nSigCgt:\t%s\nCapInh:\t0\n";
    assertEquals(signal, TakeOver.signal(status.formatted(handled)));
  }

  @ParameterizedTest
  @CsvSource({"Name: java", "SigCgt: unknown"})
  void whereTheSystemDoesNotSayItIsTheNewerOne(String status) {
    assertEquals("USR1", TakeOver.signal(status));
  }
}
