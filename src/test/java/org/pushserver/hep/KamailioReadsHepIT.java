// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.hep;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.pushserver.fake.Await.until;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.pushserver.config.HepSettings;
import org.pushserver.fake.Programs;

/** What a reader that nobody here wrote finds in our messages: the capture server in Kamailio. */
@Timeout(120)
class KamailioReadsHepIT {
  private static final Path CONFIG = Path.of("src/test/resources/hep/kamailio.cfg");
  private static final HepSettings SETTINGS =
      new HepSettings("127.0.0.1", 9060, "geheim", "push-1", 2100);
  private static final Instant AT = Instant.parse("2027-01-15T08:00:00.061042Z");

  @TempDir private Path folder;
  private Process kamailio;
  private Path log;
  private Path sockets;
  private int port;

  @BeforeEach
  void start() throws Exception {
    assumeTrue(Programs.areHere("kamailio"), "no Kamailio on this machine: see bin/check");
    try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    log = folder.resolve("kamailio.log");
    sockets = Files.createTempDirectory("kam");
    String database = Files.createDirectory(folder.resolve("db")).toString();
    kamailio =
        new ProcessBuilder(
                List.of(
                    "kamailio",
                    "-f",
                    CONFIG.toString(),
                    "-DD",
                    "-E",
                    "-m",
                    "32",
                    "-M",
                    "4",
                    "-l",
                    "udp:127.0.0.1:" + port,
                    "-Y",
                    sockets.toString(),
                    "-A",
                    "DATABASE=\"text://" + database + "\""))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
  }

  @AfterEach
  void end() throws Exception {
    if (kamailio != null) {
      kamailio.destroy();
      if (!kamailio.waitFor(30, TimeUnit.SECONDS)) {
        kamailio.destroyForcibly();
      }
      try (var left = Files.list(sockets)) {
        for (Path one : left.toList()) {
          Files.delete(one);
        }
      }
      Files.delete(sockets);
    }
  }

  /** Sent until it is read: nobody says when Kamailio is ready. */
  private void untilRead(HepPacket packet, String expected) throws Exception {
    ByteBuffer datagram = ByteBuffer.allocate(HepPacket.MOST);
    packet.write(SETTINGS, datagram);
    try (DatagramChannel channel = DatagramChannel.open()) {
      until(
          () -> {
            channel.send(
                datagram.duplicate(),
                new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return logged().contains(expected);
          },
          this::logged);
    }
  }

  private String logged() {
    try {
      // It may be in the middle of writing a character.
      return new String(Files.readAllBytes(log), UTF_8);
    } catch (IOException e) {
      return e.toString();
    }
  }

  @Test
  void everyChunkIsReadAsItWasMeant() throws Exception {
    InetSocketAddress own = new InetSocketAddress("10.1.2.3", 8400);
    InetSocketAddress apple = new InetSocketAddress("17.188.1.2", 443);
    untilRead(
        new HepPacket(own, apple, AT, "a84b4c@pbx", "attempt reason=\"Zoë 😀\""),
        "HEP3 family=2 protocol=17 from=10.1.2.3:8400 to=17.188.1.2:443 at=1800000000.61042"
            + " type=100 agent=2100 key=geheim call-id=a84b4c@pbx"
            + " text=[attempt reason=\"Zoë 😀\"]");
    InetSocketAddress own6 = new InetSocketAddress("2001:db8::1", 8400);
    InetSocketAddress apple6 = new InetSocketAddress("2620:149::2", 443);
    String longest = "x".repeat(1_024);
    untilRead(new HepPacket(own6, apple6, AT, longest, "outcome"), "call-id=" + longest);
    untilRead(
        new HepPacket(own6, apple6, AT, "c6", "outcome"),
        "HEP3 family=10 protocol=17 from=2001:db8::1:8400 to=2620:149::2:443 at=1800000000.61042"
            + " type=100 agent=2100 key=geheim call-id=c6 text=[outcome]");
  }
}
