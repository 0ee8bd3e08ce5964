// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.cluster;

import java.net.ConnectException;
import java.util.List;
import java.util.function.Consumer;
import org.jgroups.Address;
import org.jgroups.Event;
import org.jgroups.PhysicalAddress;
import org.jgroups.blocks.cs.Connection;
import org.jgroups.blocks.cs.ConnectionListener;
import org.jgroups.conf.ClassConfigurator;
import org.jgroups.protocols.TCP;

/**
 * The transport of JGroups, which notices when the last connection to a member has gone: a process
 * that dies is suspected at once. JGroups' own way, FD_SOCK2, listens on a further port, on which
 * nothing is encrypted and everybody is heard.
 */
public final class MemberTransport extends TCP {
  private final Consumer<PhysicalAddress> refused;

  /**
   * Speaks as its parent: others must not see a difference.
   *
   * @param refused told where nobody listens; by the thread that sends
   */
  MemberTransport(Consumer<PhysicalAddress> refused) {
    this.refused = refused;
    setId(ClassConfigurator.getProtocolId(TCP.class));
  }

  @Override
  public void sendUnicast(PhysicalAddress to, byte[] data, int offset, int length)
      throws Exception {
    try {
      super.sendUnicast(to, data, offset, length);
    } catch (ConnectException e) {
      refused.accept(to);
      throw e;
    }
  }

  @Override
  public void start() throws Exception {
    super.start();
    srv.addConnectionListener(
        new ConnectionListener() {
          @Override
          public void connectionClosed(Connection connection) {
            suspect(connection.peerAddress());
          }

          @Override
          public void connectionEstablished(Connection connection) {
            // Nobody needs to know.
          }
        });
  }

  /** Asks those above to make sure, unless there is another connection to the same. */
  private void suspect(Address address) {
    if (!(address instanceof PhysicalAddress physical) || srv.hasConnection(address)) {
      return;
    }
    Address member = logical_addr_cache.getByValue(physical);
    if (member != null
        && !member.equals(local_addr)
        && view != null
        && view.containsMember(member)) {
      up_prot.up(new Event(Event.SUSPECT, List.of(member)));
    }
  }
}
