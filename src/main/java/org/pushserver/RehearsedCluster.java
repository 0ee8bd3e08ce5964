// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ExecutionException;
import org.pushserver.config.Doors;
import org.pushserver.config.Overrides;
import org.pushserver.config.Settings;
import org.pushserver.config.SettingsReader;
import org.pushserver.sandbox.MemberCertificates;

/**
 * The other member of the cluster that a rehearsal has: no server, so it gets no pushes. It is
 * there first, so that the server finds it, as most do. On 127.0.0.1 alone, for as long as the
 * process lives.
 */
final class RehearsedCluster {
  private static final int PORTS = 4;
  private static final String AUTHORITY = "members-ca.pem";
  private static final String MEMBER = "member.pem";
  private static final StandardOpenOption APPEND = StandardOpenOption.APPEND;

  private RehearsedCluster() {}

  /** Starts it, and lets the configuration have what the server needs to join it. Main thread. */
  static void join(Overrides server) throws IOException, InterruptedException, ExecutionException {
    int[] ports = freePorts();
    MemberCertificates.write(
        server.directory().resolve(AUTHORITY), server.directory().resolve(MEMBER));
    Path general = server.directory().resolve("general.ini");
    String before = Files.readString(general);
    Files.writeString(general, section("n1", ports[0], ports[1], ports[2]), APPEND);
    Vertx vertx = OwnVertx.create();
    Settings settings = Main.await(new SettingsReader(vertx).read(server));
    OwnCluster unused = OwnCluster.join(settings, Doors.ALL);
    Files.writeString(general, before);
    Files.writeString(general, section("n2", ports[2], ports[3], ports[0]), APPEND);
  }

  private static String section(String node, int port, int busPort, int other) {
    return String.join(
        "\n",
        "",
        "[cluster]",
        "name = rehearsal",
        "node = " + node,
        "port = " + port,
        "bus_port = " + busPort,
        "members = 127.0.0.1:" + other,
        "tls_certificate = " + MEMBER,
        "tls_ca = " + AUTHORITY,
        "");
  }

  private static int[] freePorts() throws IOException {
    ServerSocket[] sockets = new ServerSocket[PORTS];
    int[] ports = new int[PORTS];
    try {
      for (int i = 0; i < PORTS; i++) {
        sockets[i] = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        ports[i] = sockets[i].getLocalPort();
      }
      return ports;
    } finally {
      for (ServerSocket socket : sockets) {
        if (socket != null) {
          socket.close();
        }
      }
    }
  }
}
