// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pushserver.dispatch.CredentialTrial.Ended;
import org.pushserver.events.Application;
import org.pushserver.push.AppKey;
import org.pushserver.spi.Delivery;
import org.pushserver.spi.Trial;
import org.pushserver.spi.Trial.Finding;
import org.pushserver.sylk.SylkApplication;

class ConnectReportTest {
  private static Ended ended(String section, Finding finding, String words) {
    AppKey key = new AppKey("com.example.phone", AppKey.APPLE);
    Application application =
        new Application(key, section, new SylkApplication(), Delivery.DEFAULT);
    return new Ended(application, new Trial(finding, words));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "cannot reach the proxy p:3128: Connection refused: p/192.0.2.1:3128 | about the proxy",
        "the proxy p:3128 made no tunnel to api.push.apple.com:443 | about the proxy",
        "Failed to resolve 'api.push.apple.com' [A(1)] | the name could not be looked up",
        "PKIX path building failed: unable to find valid certification path | no encrypted",
        "Received fatal alert: bad_certificate | does not accept the client certificate",
        "Connection refused: api.push.apple.com/192.0.2.1:443 | a firewall may be in between",
        "no connection in 20000 ms | a firewall may be in between"
      })
  void whatWasInTheWayIsSaidInPlainWords(String words, String advice) {
    String report = ConnectReport.render(List.of(ended("a", Finding.UNREACHED, words)));
    assertTrue(report.contains("[a]  NOT REACHED: " + words), report);
    assertTrue(report.contains(advice), report);
    assertTrue(report.endsWith("1 of 1 cannot be used from this machine.\n"), report);
  }

  @Test
  void onlyWhatCanBeUsedIsGood() {
    for (Finding finding : Finding.values()) {
      boolean good = finding == Finding.TAKEN || finding == Finding.UNTRIED;
      assertEquals(good, ConnectReport.isGood(List.of(ended("a", finding, "said"))));
    }
    assertTrue(ConnectReport.isGood(List.of()));
    assertFalse(
        ConnectReport.isGood(
            List.of(ended("a", Finding.TAKEN, ""), ended("b", Finding.UNKNOWN, ""))));
  }
}
