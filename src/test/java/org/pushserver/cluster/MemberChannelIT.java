// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import org.jgroups.JChannel;
import org.jgroups.protocols.pbcast.GMS;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.pushserver.config.Tls;

@Timeout(60)
class MemberChannelIT {
  private static final Duration FOR_EVER = Duration.ofHours(1);

  private final TestMembers members = new TestMembers();

  @Test
  void oneThatFindsNobodyListeningBeginsAtOnce() throws Exception {
    Tls tls = TestMembers.tls(members.authority);
    try (JChannel channel = MemberChannel.of(members.settings(1, tls), new ClusterTls(tls))) {
      GMS membership = channel.getProtocolStack().findProtocol(GMS.class);
      membership.setJoinTimeout(FOR_EVER.toMillis());
      channel.connect("alone");
      assertEquals(1, channel.view().size());
    }
  }
}
