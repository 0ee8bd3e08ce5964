// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.pushserver.cli.Mistakes;
import org.pushserver.fake.TestCassandra;
import picocli.CommandLine;

/** {@code pushserver tokens init-cassandra}, with a real Cassandra. */
@Timeout(180)
class InitCassandraIT {
  private static TestCassandra cassandra;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir Path directory;

  @BeforeAll
  static void start() throws Exception {
    cassandra = TestCassandra.shared();
  }

  private int run(String keyspace, String answers, String... options) throws IOException {
    Files.writeString(
        directory.resolve("general.ini"),
        "[Cassandra]\ncluster_contact_points = 127.0.0.1:%s\nkeyspace = %s\n"
            .formatted(cassandra.address().getPort(), keyspace));
    Files.writeString(
        directory.resolve("applications.ini"),
        """
        [phone]
        app_id = com.example.phone
        app_type = sylk
        app_platform = firebase
        firebase_authorization_key = none
        """);
    String[] words =
        Stream.concat(
                Stream.of("tokens", "init-cassandra", "--config_dir", directory.toString()),
                Stream.of(options))
            .toArray(String[]::new);
    InputStream usual = System.in;
    System.setIn(new ByteArrayInputStream(answers.getBytes(StandardCharsets.UTF_8)));
    try {
      return new CommandLine(new Main())
          .setParameterExceptionHandler(new Mistakes())
          .setOut(new PrintWriter(out))
          .setErr(new PrintWriter(err))
          .execute(words);
    } finally {
      System.setIn(usual);
    }
  }

  private void assertPrinted(String text) {
    assertTrue((out + "" + err).contains(text), () -> text + " is not in:\n" + out + err);
  }

  private static List<String> tables(String keyspace) {
    return cassandra
        .cql("SELECT table_name FROM system_schema.tables WHERE keyspace_name = '" + keyspace + "'")
        .stream()
        .map(row -> row.getString(0))
        .toList();
  }

  @Test
  void itMakesNothingUnlessItIsToldTo() throws Exception {
    assertEquals(1, run("asked", ""));
    assertPrinted("nothing was made");
    assertEquals(1, run("asked", "1\nn\n"));
    assertEquals(List.of(), tables("asked"));
    assertEquals(0, run("asked", "1\ny\n"));
    assertPrinted("New keyspace: asked, copies datacenter1: 1");
    assertPrinted("New table: asked.push_tokens");
    assertEquals(List.of("mobile_devices", "push_tokens"), tables("asked"));
    assertEquals(0, run("asked", ""));
    assertPrinted("Keyspace asked has both tables. Nothing to do.");
  }

  @Test
  void itMakesThemWithoutQuestions() throws Exception {
    assertEquals(2, run("unasked", "", "--yes", "--replication", "three"));
    assertPrinted("'three' is no number of copies");
    assertEquals(List.of(), tables("unasked"));
    assertEquals(0, run("unasked", "", "--yes", "--replication", "datacenter1:1"));
    assertEquals(List.of("mobile_devices", "push_tokens"), tables("unasked"));
  }
}
