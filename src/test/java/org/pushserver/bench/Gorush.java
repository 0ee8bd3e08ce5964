// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * gorush, as it was built by who runs this, beside our server. It has no setting for the address of
 * the push service. It has one for a proxy: that leads it to the sink, which shows a certificate
 * for Apple's name, from an authority that it is told to trust. Nothing of it is changed.
 */
final class Gorush {
  /** In the results. */
  static final String NAME = "gorush apple";

  /** What it asks for. */
  static final String APPLE = "api.push.apple.com";

  /** Where it looks for authorities, as every program in Go does on Linux. */
  private static final String AUTHORITIES = "SSL_CERT_FILE";

  private final Path binary;

  /**
   * @param binary built from its source
   */
  Gorush(Path binary) {
    this.binary = binary;
  }

  /**
   * Starts it. Callers wait for the result, as with ours. It sends no more pushes at a time than it
   * has workers, two on two cores unless it is told otherwise: it gets one for each connection.
   */
  Running start(Stage stage, String name) throws IOException, InterruptedException {
    int port = Ports.free();
    Path config =
        Files.writeString(
            stage.dir().resolve(name.replace(' ', '-') + ".yml"),
            """
            core:
              address: "127.0.0.1"
              port: "%s"
              worker_num: 64
              queue_num: 8192
              sync: true
              mode: "release"
              http_proxy: "http://127.0.0.1:%s"
            android:
              enabled: false
            huawei:
              enabled: false
            ios:
              enabled: true
              production: true
              key_path: "%s"
              key_id: "%s"
              team_id: "%s"
              max_concurrent_pushes: 1000
            log:
              format: "string"
              access_log: "stdout"
              access_level: "info"
              error_log: "stderr"
              error_level: "error"
              hide_token: true
            stat:
              engine: "memory"
            """
                .formatted(
                    port,
                    stage.proxyPort(),
                    stage.applesKey(),
                    ServerSetup.KEY_ID,
                    ServerSetup.TEAM_ID));
    Child child =
        stage.run(
            name,
            Map.of(AUTHORITIES, stage.authority().toString()),
            List.of(binary.toString(), "-c", config.toString()));
    child.awaitPort(port);
    return new Running(child, port);
  }

  /** Starts it, as a program to be measured. */
  BenchIngress door(Stage stage) throws IOException, InterruptedException {
    return stage.door(NAME, start(stage, NAME), posts());
  }

  /** The same push as ours. */
  static Posts posts() {
    return Posts.gorush("com.example.phone");
  }
}
