// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jgroups.JChannel;
import org.jgroups.Message;
import org.jgroups.protocols.PingHeader;
import org.jgroups.stack.IpAddress;
import org.jgroups.stack.Protocol;
import org.jgroups.stack.ProtocolStack;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.pushserver.config.ClusterSettings;

@Timeout(30)
class MemberSearchIT {
  /** When others were asked who is there. */
  private static final class Questions extends Protocol {
    private final IpAddress asked;
    private final List<Long> atMs = new CopyOnWriteArrayList<>();

    Questions(IpAddress asked) {
      this.asked = asked;
    }

    @Override
    public Object down(Message message) {
      boolean isQuestion =
          message.getHeaders().values().stream().anyMatch(PingHeader.class::isInstance);
      if (isQuestion && asked.equals(message.getDest())) {
        atMs.add(TimeUnit.NANOSECONDS.toMillis(System.nanoTime()));
      }
      return down_prot.down(message);
    }
  }

  /** The answer to the first question may go to the connection of its former process. */
  @Test
  void aMemberThatDoesNotAnswerIsAskedThreeTimesBeforeAServerBeginsAlone() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 10, InetAddress.getByName("127.0.0.2"))) {
      int port = silent.getLocalPort();
      ClusterSettings settings =
          new ClusterSettings(
              "alone",
              "127.0.0.1",
              port,
              0,
              "n1",
              List.of(InetSocketAddress.createUnresolved("127.0.0.2", port)),
              null);
      Questions questions = new Questions(new IpAddress("127.0.0.2", port));
      try (JChannel channel = MemberChannel.of(settings, null)) {
        channel
            .getProtocolStack()
            .insertProtocol(questions, ProtocolStack.Position.ABOVE, MemberTransport.class);
        channel.connect("alone");
      }

      assertEquals(3, questions.atMs.size());
      long spread = questions.atMs.get(2) - questions.atMs.get(0);
      assertTrue(spread > 1_000, () -> "all within " + spread + " ms");
    }
  }
}
