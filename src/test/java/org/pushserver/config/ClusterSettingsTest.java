// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pushserver.fake.TestTls;
import org.pushserver.spi.Problem;

class ClusterSettingsTest {
  @TempDir private Path directory;

  private final List<Problem> problems = new ArrayList<>();
  private final List<Path> files = new ArrayList<>();

  private ClusterSettings read(String... lines) {
    return read(false, "[cluster]\n" + String.join("\n", lines) + "\n");
  }

  private ClusterSettings read(boolean wanted, String text) {
    IniFile ini = IniText.parse("general.ini", text);
    Map<String, String> values = ini.sections().getOrDefault("cluster", Map.of());
    return ClusterSettings.read(
        ini,
        new SectionReader("general.ini", "cluster", values, problems::add),
        directory,
        wanted,
        files::add,
        problems::add);
  }

  private String told() {
    return problems.stream()
        .map(problem -> problem.severity() + " " + problem.key() + ": " + problem.message())
        .collect(Collectors.joining("\n"));
  }

  @Test
  void withoutTheSectionThereIsNoCluster() {
    assertNull(read(false, "[server]\nport = 1\n"));
    assertEquals("", told());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[server] | [cluster] | true",
        "[server] |   [cluster] ; of three | true",
        "[server] | # [cluster] | false",
        "[server] | [clusters] | false"
      })
  void aLookAtTheFileSaysWhetherThereWillBeACluster(String first, String second, boolean is)
      throws IOException {
    Path unused =
        Files.write(directory.resolve("general.ini"), List.of(first, "port = 1", second, "a = b"));
    assertEquals(is, ClusterSettings.seemWanted(Overrides.directory(directory)));
  }

  @Test
  void whereNoFileIsThereIsNoClusterToBeSeen() {
    assertFalse(ClusterSettings.seemWanted(Overrides.directory(directory)));
    assertFalse(ClusterSettings.seemWanted(Overrides.directory(directory.resolve("none"))));
  }

  @Test
  void aDoorOnLoopbackIsHiddenFromOtherMachines() {
    ClusterSettings far = read("address = 192.0.2.1", "insecure = yes");
    for (String host : List.of("127.0.0.1", "localhost", "::1")) {
      assertTrue(far.isHidden(host), host);
      assertFalse(read().isHidden(host), host);
    }
    for (String host : List.of("0.0.0.0", "192.0.2.1", "push.example.com")) {
      assertFalse(far.isHidden(host), host);
    }
  }

  @Test
  void whoWantsAClusterNeedsTheSection() {
    assertNull(read(true, "[server]\nport = 1\n"));
    assertEquals(
        "FATAL : --cluster needs this section, which says who the members are; there is none",
        told());
  }

  @Test
  void onLoopbackNothingHasToBeEncrypted() {
    ClusterSettings settings = read("node = n1", "members = 127.0.0.2, [::1]:7000 push.test");
    assertEquals(
        new ClusterSettings(
            "pushserver",
            "127.0.0.1",
            7800,
            7801,
            "n1",
            List.of(
                InetSocketAddress.createUnresolved("127.0.0.2", 7800),
                InetSocketAddress.createUnresolved("::1", 7000),
                InetSocketAddress.createUnresolved("push.test", 7800)),
            null),
        settings);
    assertEquals("", told());
  }

  @Test
  void elsewhereCertificatesAreNeededOrAWordThatTheyAreNot() {
    assertNull(read("node = n1", "address = 192.0.2.1", "members = 192.0.2.2"));
    assertTrue(told().startsWith("FATAL tls_certificate: members on other machines need"), told());
    problems.clear();
    assertNotNull(
        read("node = n1", "address = 192.0.2.1", "members = 192.0.2.2", "insecure = yes"));
    assertEquals("", told());
  }

  @Test
  void certificatesAreReadAndWatched() throws Exception {
    TestTls tls = TestTls.create(directory);
    ClusterSettings settings =
        read(
            "node = n1",
            "address = 192.0.2.1",
            "members = 192.0.2.2",
            "tls_certificate = " + tls.serverCertificate().getFileName(),
            "tls_key = " + tls.serverKey().getFileName(),
            "tls_ca = " + tls.ca().getFileName());
    assertEquals("", told());
    assertEquals(1, settings.tls().clientAuthorities().size());
    assertEquals(List.of(tls.serverCertificate(), tls.serverKey(), tls.ca()), files);
    assertFalse(settings.toString().contains("PRIVATE"), settings::toString);
  }

  @Test
  void onlyCertificatesChangeWithoutAStart() throws Exception {
    TestTls tls = TestTls.create(directory);
    String[] lines = {
      "node = n1",
      "address = 192.0.2.1",
      "members = 192.0.2.2",
      "tls_certificate = own.pem",
      "tls_ca = " + tls.ca().getFileName()
    };
    Files.writeString(
        directory.resolve("own.pem"),
        Files.readString(tls.serverCertificate()) + Files.readString(tls.serverKey()));
    ClusterSettings before = read(lines);
    Files.writeString(
        directory.resolve("own.pem"),
        Files.readString(tls.clientCertificate()) + Files.readString(tls.clientKey()));
    ClusterSettings renewed = read(lines);
    assertFalse(before.isElsewhere(renewed));
    assertFalse(before.equals(renewed));
    lines[0] = "node = n2";
    assertTrue(before.isElsewhere(read(lines)));
    assertTrue(before.isElsewhere(null));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "address = 0.0.0.0 | address: '0.0.0.0' is not one address",
        "address = push.test | address: 'push.test' is no IP address",
        "port = 70000 | port: '70000' is not a whole number from 1 to 65535",
        "bus_port = 7800 | bus_port: 7800 is where members meet (port)",
        "name = a b | name: 'a b' must be letters",
        "members = a:b:c:d:99999999, a b;c | members: 'b;c' is no HOST and no HOST:PORT",
        "tls_ca = ca.pem | tls_ca: it has no effect without tls_certificate",
        "tls_certificate = none.pem | tls_ca: it is needed with tls_certificate",
        "insecure = perhaps | insecure: 'perhaps' is neither yes nor no"
      })
  void whatIsWrongStopsTheStart(String line, String message) {
    ClusterSettings unused = read("node = n1", line);
    assertTrue(told().contains("FATAL " + message), told());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "members = ,"})
  void whoNamesNobodyWaitsToBeFound(String line) {
    assertNotNull(read("node = n1", line));
    assertTrue(told().startsWith("WARNING members: none is named"), told());
  }
}
