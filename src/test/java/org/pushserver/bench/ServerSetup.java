// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.pushserver.fake.TestAccount;
import org.pushserver.fake.TestTls;

/**
 * A configuration to run the server with.
 *
 * @param name of the process
 * @param waits whether an answer comes when the push was delivered, or at once (202)
 * @param maxQueue pushes of one application that may wait
 * @param javaOptions for the JVM, in addition to those of bin/pushserver; may be empty
 * @param server lines for that section of general.ini; may be empty
 * @param sections of applications.ini
 */
record ServerSetup(
    String name,
    boolean waits,
    int maxQueue,
    String javaOptions,
    String server,
    List<Section> sections) {
  /**
   * Files of the trail are a tenth of its size: small enough that some are closed in each turn, as
   * that is a part of what it costs.
   */
  private static final String TRAIL =
      """
      trail = yes
      state_dir = state
      trail_max_size = 100M
      """;

  private static final long USUAL_MEMORY = 80_000_000;

  /** More than a push takes that waits. */
  private static final long BYTES_EACH = 900;

  /** Of the provider tokens. */
  static final String KEY_ID = "ABC123DEFG";

  static final String TEAM_ID = "DEF123GHIJ";

  private static final int USUAL_QUEUE = 100_000;

  /**
   * One application.
   *
   * @param appId unique on its platform
   * @param platform apple or firebase
   * @param servicePort of the push service on this machine
   * @param callDeadline in seconds
   * @param more lines; may be empty
   */
  record Section(String appId, String platform, int servicePort, int callDeadline, String more) {
    private static final int USUAL_DEADLINE = 64;

    Section(String appId, String platform, int servicePort, int callDeadline) {
      this(appId, platform, servicePort, callDeadline, "");
    }

    /** One with the deadline that is usual. */
    static Section of(String appId, String platform, int servicePort) {
      return new Section(appId, platform, servicePort, USUAL_DEADLINE);
    }

    /** The same with more lines, each with its end. */
    Section with(String lines) {
      return new Section(appId, platform, servicePort, callDeadline, more + lines);
    }

    private String text() {
      String common =
          """
          [%1$s-%2$s]
          app_id = %1$s
          app_type = sylk
          app_platform = %2$s
          call_deadline = %3$s
          """
              .formatted(appId, platform, callDeadline);
      return common
          + more
          + (platform.equals("apple")
              ? """
              apple_key = apns.p8
              key_id = %s
              team_id = %s
              apple_push_url = localhost:%s
              apple_ca_file = ca.pem
              """
                  .formatted(KEY_ID, TEAM_ID, servicePort)
              : """
              firebase_authorization_file = firebase.json
              firebase_push_url = https://localhost:%s
              firebase_ca_file = ca.pem
              """
                  .formatted(servicePort));
    }
  }

  /** Clients wait for the result, as by default. */
  static ServerSetup waiting(String name, Section... sections) {
    return new ServerSetup(name, true, USUAL_QUEUE, "", "", List.of(sections));
  }

  /** The same with other options for the JVM. */
  ServerSetup withJava(String options) {
    return new ServerSetup(name, waits, maxQueue, options, server, sections);
  }

  /** The same with more lines in the section of the server, each with its end. */
  ServerSetup with(String lines) {
    return new ServerSetup(name, waits, maxQueue, javaOptions, server + lines, sections);
  }

  /** The same with a trail. */
  ServerSetup withTrail() {
    return with(TRAIL);
  }

  /** Makes the credentials that all configurations of a run share. */
  static Path credentials(Path dir, TestTls tls, int tokenPort) throws Exception {
    Path credentials = Files.createDirectories(dir.resolve("credentials"));
    Files.copy(tls.ca(), credentials.resolve("ca.pem"));
    Files.writeString(credentials.resolve("apns.p8"), TestAccount.create("EC", 256).pem());
    Path unused =
        TestAccount.create()
            .write(
                credentials.resolve("firebase.json"), "https://localhost:" + tokenPort + "/token");
    return unused.getParent();
  }

  /** Writes it to a folder of its own. */
  Path write(Path dir, Path credentials, int port) throws IOException {
    Path config = Files.createDirectories(dir.resolve(name.replaceAll("\\W+", "-")));
    Files.writeString(
        config.resolve("general.ini"),
        """
        [server]
        host = 127.0.0.1
        port = %s
        return_async = %s
        %s[limits]
        queue_memory = %s
        [applications]
        credentials_folder = %s
        [delivery]
        max_queue = %s
        """
            .formatted(
                port,
                waits ? "yes" : "no",
                server,
                Math.max(USUAL_MEMORY, maxQueue * BYTES_EACH),
                credentials,
                maxQueue));
    StringBuilder applications = new StringBuilder();
    sections.forEach(section -> applications.append(section.text()));
    Files.writeString(config.resolve("applications.ini"), applications);
    return config;
  }
}
