// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pushserver.fake.TestTls;
import org.pushserver.spi.Problem;

class CassandraSettingsTest {
  @TempDir private Path directory;

  private final Map<String, String> values = new HashMap<>();
  private final List<Problem> problems = new ArrayList<>();

  private boolean isWanted = true;

  private CassandraSettings read() {
    return CassandraSettings.read(
        new SectionReader("general.ini", "Cassandra", values, problems::add), isWanted, directory);
  }

  private CassandraSettings.Named named(CassandraSettings read) {
    return CassandraSettings.named(
        new SectionReader("general.ini", "Cassandra", values, problems::add), read);
  }

  private void cluster() {
    values.put("cluster_contact_points", "10.0.0.1");
    values.put("keyspace", "push");
  }

  private String told() {
    return problems.isEmpty() ? "" : problems.get(0).severity() + " " + problems.get(0);
  }

  @Test
  void withoutAContactPointThereIsNoCluster() {
    values.put("table", "push_tokens");
    values.put("debug", "no");
    values.put("cluster_contact_points", " , ");
    assertNull(read());
    assertEquals("", told());
  }

  @Test
  void contactPointsAndKeyspaceAreEnough() {
    cluster();
    assertEquals(
        new CassandraSettings(InetSocketAddress.createUnresolved("10.0.0.1", 9042), "push"),
        read());
    assertEquals("", told());
  }

  @Test
  void everyKeyIsUnderstood() {
    cluster();
    values.put("cluster_contact_points", "one.example.com, 10.0.0.2:9043\n[2001:db8::1]:9044 ::1");
    values.put("table", "tokens");
    values.put("debug", "yes");
    values.put("port", "9142");
    values.put("datacenter", "west");
    values.put("user", "push");
    values.put("password", "geheim");
    values.put("tls", "yes");
    values.put("consistency", "QUORUM");
    values.put("timeout", "0.5");
    CassandraSettings read = read();
    assertEquals("", told());
    assertEquals(
        "one.example.com:9142, 10.0.0.2:9043, [2001:db8::1]:9044, [::1]:9142, table push.tokens",
        read.toString());
    assertTrue(read.debug());
    assertEquals("west", read.datacenter());
    assertEquals("push", read.user());
    assertEquals("geheim", read.password());
    assertTrue(read.tls());
    assertEquals("quorum", read.consistency());
    assertEquals(Duration.ofMillis(500), read.timeout());
    assertFalse(read.toString().contains("geheim"));
  }

  @Test
  void aClusterWithoutAKeyspaceIsAnErrorWhereTokensAreToBeInIt() {
    cluster();
    values.remove("keyspace");
    assertNull(read());
    String words =
        " general.ini [Cassandra] keyspace: it is needed with cluster_contact_points; no token is"
            + " stored without it; set it to the keyspace that has the tables";
    assertEquals("ERROR" + words, told());
    assertEquals(CassandraSettings.Named.BADLY, named(null));
    problems.clear();
    isWanted = false;
    assertNull(read());
    assertEquals("WARNING" + words, told());
  }

  @Test
  void aKeyspaceWithoutAClusterIsAWarning() {
    values.put("keyspace", "push");
    assertNull(read());
    assertEquals(
        "WARNING general.ini [Cassandra] keyspace: it has no effect without"
            + " cluster_contact_points; no token is stored in Cassandra",
        told());
    assertEquals(CassandraSettings.Named.NOT, named(null));
  }

  @Test
  void aClusterOfWhichNoNodeIsUnderstoodIsAnError() {
    cluster();
    values.put("cluster_contact_points", "h@st");
    assertNull(read());
    assertEquals(
        "general.ini [Cassandra] cluster_contact_points: it names no node; no token is stored",
        problems.get(1).toString());
    assertEquals(Problem.Severity.ERROR, problems.get(1).severity());
  }

  @ParameterizedTest
  @ValueSource(strings = {"push-tokens", "1push", "push tokens", "a;b", "\"push\"", "schlüssel"})
  void aNameThatCassandraRefusesIsAnError(String name) {
    cluster();
    values.put("table", name);
    assertNull(read());
    assertTrue(told().startsWith("ERROR general.ini [Cassandra] table: '" + name), told());
  }

  @ParameterizedTest
  @ValueSource(strings = {"10.0.0.2:", "10.0.0.2:x", "10.0.0.2:70000", "h@st", "host:0"})
  void aContactPointThatIsNoneIsLeftOut(String point) {
    cluster();
    values.put("cluster_contact_points", "10.0.0.1," + point);
    assertEquals("10.0.0.1:9042", read().nodes());
    assertEquals(
        "WARNING general.ini [Cassandra] cluster_contact_points: '"
            + point
            + "' is no HOST and no HOST:PORT; it is not asked",
        told());
  }

  @ParameterizedTest
  @CsvSource({"user,push", "password,geheim"})
  void halfALoginIsAWarningThatDoesNotSayIt(String key, String value) {
    cluster();
    values.put(key, value);
    CassandraSettings unused = read();
    assertTrue(told().endsWith("user and password belong together; set both or none"), told());
    assertFalse(told().contains("geheim"));
  }

  @Test
  void aFileOfAuthoritiesIsRead() throws Exception {
    cluster();
    values.put("tls", "yes");
    values.put("ca_file", "ca.pem");
    assertEquals(List.of(), read().authorities());
    assertEquals(
        "WARNING general.ini [Cassandra] ca_file: there is no file "
            + directory.resolve("ca.pem")
            + "; only those are believed that the system trusts",
        told());
    problems.clear();
    Files.copy(TestTls.shared().ca(), directory.resolve("ca.pem"));
    assertEquals(1, read().authorities().size());
    assertEquals("", told());
    values.remove("tls");
    assertEquals(List.of(), read().authorities());
    assertTrue(told().endsWith("it has no effect without tls = yes"), told());
  }
}
