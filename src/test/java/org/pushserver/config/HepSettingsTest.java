// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pushserver.spi.Problem;

class HepSettingsTest {
  private final Map<String, String> values = new HashMap<>();
  private final List<Problem> problems = new ArrayList<>();

  private HepSettings read() {
    return HepSettings.read(new SectionReader("general.ini", "server", values, problems::add));
  }

  private String told() {
    return problems.isEmpty() ? "" : problems.get(0).severity() + " " + problems.get(0);
  }

  @Test
  void withoutAUrlNobodyIsTold() {
    assertNull(read());
    assertEquals("", told());
  }

  @Test
  void aUrlAloneIsEnough() {
    values.put("hep_url", "udp://homer.example.com");
    assertEquals(new HepSettings("homer.example.com", 9060, "", "pushserver", 2100), read());
    values.put("hep_url", "udp://[2001:db8::1]:9061/");
    assertEquals(new HepSettings("2001:db8::1", 9061, "", "pushserver", 2100), read());
    assertEquals("udp://[2001:db8::1]:9061", read().url());
    assertEquals("", told());
  }

  @Test
  void theKeyIsInNoMessage() {
    values.put("hep_url", "udp://homer.example.com:9060");
    values.put("hep_key", "geheim");
    values.put("hep_node", "push-1");
    values.put("hep_id", "17");
    HepSettings read = read();
    assertEquals(new HepSettings("homer.example.com", 9060, "geheim", "push-1", 17), read);
    assertFalse(read.toString().contains("geheim"));
    assertEquals("", told());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "homer.example.com:9060",
        "tcp://homer.example.com:9060",
        "udp://",
        "udp://homer:0",
        "udp://homer:70000",
        "udp://user@homer:9060",
        "udp://homer:9060/path",
        "udp://homer:9060?x=1",
        "udp://ho mer"
      })
  void aUrlThatIsNoneIsAWarningAndNobodyIsTold(String wrong) {
    values.put("hep_url", wrong);
    assertNull(read());
    assertEquals(
        "WARNING general.ini [server] hep_url: it must be udp://HOST:PORT, such as"
            + " udp://homer.example.com:9060; Homer is told nothing",
        told());
  }

  @Test
  void aKeyWithoutAUrlHasNoEffect() {
    values.put("hep_key", "geheim");
    assertNull(read());
    assertEquals(
        "WARNING general.ini [server] hep_key: it has no effect without hep_url; set both or none",
        told());
  }

  @Test
  void whatIsTooLongForAMessageIsIgnored() {
    values.put("hep_url", "udp://homer.example.com:9060");
    values.put("hep_key", "x".repeat(256));
    values.put("hep_node", "x".repeat(256));
    assertEquals(new HepSettings("homer.example.com", 9060, "", "pushserver", 2100), read());
    assertEquals(2, problems.size());
    assertFalse(problems.toString().contains("xxx"));
  }
}
