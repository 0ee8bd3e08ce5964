// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.cluster;

import java.net.InetAddress;
import java.util.List;
import org.jgroups.JChannel;
import org.jgroups.protocols.FD_ALL3;
import org.jgroups.protocols.FRAG4;
import org.jgroups.protocols.MERGE3;
import org.jgroups.protocols.MFC;
import org.jgroups.protocols.RED;
import org.jgroups.protocols.UFC;
import org.jgroups.protocols.UNICAST3;
import org.jgroups.protocols.VERIFY_SUSPECT2;
import org.jgroups.protocols.pbcast.GMS;
import org.jgroups.protocols.pbcast.NAKACK2;
import org.jgroups.protocols.pbcast.STABLE;
import org.jgroups.stack.Protocol;
import org.jgroups.util.DefaultSocketFactory;
import org.jgroups.util.SocketFactory;
import org.pushserver.config.ClusterSettings;

/** What JGroups is set to: its protocols from the network up, each with what differs from usual. */
final class MemberChannel {
  /** Others take over what waits at a member that has been silent for so long. */
  static final long SILENT_MS = 4_000;

  private static final long HEARTBEAT_MS = 1_000;

  /** A busy machine answers within that, also when it has to connect anew first. */
  private static final long MAKE_SURE_MS = 200;

  /** TLS with a JVM that has just started takes its time. */
  private static final int CONNECT_MS = 2_000;

  /**
   * For so long one that starts waits for others, unless nobody listens at any of them: longer than
   * a busy machine takes to connect. One that begins alone while others are there meets them some
   * seconds later, and a ring that is repeated meanwhile rings twice.
   */
  private static final long JOIN_MS = 3_000;

  private static final long REPEAT_MS = 200;
  private static final long CREDITS = 4_000_000;
  private static final int FRAGMENT = 60_000;

  private MemberChannel() {}

  /**
   * Makes one; not connected yet.
   *
   * @param tls null for nothing encrypted
   */
  static JChannel of(ClusterSettings settings, ClusterTls tls) throws Exception {
    SocketFactory sockets = tls == null ? new DefaultSocketFactory() : new TlsSockets(tls);
    MemberSearch search = new MemberSearch(settings.members());
    MemberTransport transport = new MemberTransport(search::refused);
    transport
        .tcpNodelay(true)
        .setSockConnTimeout(CONNECT_MS)
        .setPeerAddrReadTimeout(CONNECT_MS / 2)
        .setBindAddress(InetAddress.getByName(settings.address()))
        .setBindPort(settings.port())
        .setPortRange(0);
    transport.setSocketFactory(sockets);
    List<Protocol> protocols =
        List.of(
            transport,
            new RED(),
            search,
            new MERGE3().setMinInterval(2_000).setMaxInterval(5_000),
            new FD_ALL3().setTimeout(SILENT_MS).setInterval(HEARTBEAT_MS),
            new VERIFY_SUSPECT2().setTimeout(MAKE_SURE_MS),
            new NAKACK2().useMcastXmit(false).setXmitInterval(REPEAT_MS),
            new UNICAST3().setXmitInterval(REPEAT_MS).setConnCloseTimeout(5_000),
            new STABLE().setDesiredAverageGossip(5_000).setMaxBytes(1_000_000),
            new GMS().printLocalAddress(false).setJoinTimeout(JOIN_MS),
            new UFC().setMaxCredits(CREDITS),
            new MFC().setMaxCredits(CREDITS),
            new FRAG4().setFragSize(FRAGMENT));
    return new JChannel(protocols);
  }
}
