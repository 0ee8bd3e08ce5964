// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.cluster;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jgroups.Address;
import org.jgroups.Event;
import org.jgroups.PhysicalAddress;
import org.jgroups.conf.ClassConfigurator;
import org.jgroups.protocols.TCPPING;
import org.jgroups.stack.IpAddress;
import org.jgroups.util.Responses;

/**
 * Where JGroups looks for members: at those that are configured, whose names are looked up each
 * time. A name stands for all its addresses, which may be others tomorrow. When nobody listens at
 * any of them, this one begins at once.
 */
public final class MemberSearch extends TCPPING {
  /**
   * So often a member that starts asks who is there, evenly over the time for which it waits. An
   * answer to one that has just been restarted may go to the connection of its former process.
   */
  private static final int TIMES = 3;

  private final List<InetSocketAddress> members;
  private final FirstSearch<PhysicalAddress> first = new FirstSearch<>();

  /** Speaks as its parent. */
  MemberSearch(List<InetSocketAddress> members) {
    setId(ClassConfigurator.getProtocolId(TCPPING.class));
    this.members = List.copyOf(members);
    this.initial_hosts_set_programmatically = true;
    setPortRange(0);
    this.num_discovery_runs = TIMES;
  }

  @Override
  public void findMembers(List<Address> known, boolean initial, Responses responses) {
    Set<PhysicalAddress> found = new LinkedHashSet<>();
    boolean all = true;
    for (InetSocketAddress member : members) {
      try {
        for (InetAddress address : InetAddress.getAllByName(member.getHostString())) {
          found.add(new IpAddress(address, member.getPort()));
        }
      } catch (UnknownHostException e) {
        all = false;
        log.debug("no address of " + member.getHostString());
      }
    }
    initial_hosts = found;
    if (initial && all) {
      first.begin(others(found), responses::done);
    }
    super.findMembers(known, initial, responses);
  }

  private Set<PhysicalAddress> others(Set<PhysicalAddress> found) {
    Set<PhysicalAddress> others = new LinkedHashSet<>(found);
    others.remove(down_prot.down(new Event(Event.GET_PHYSICAL_ADDRESS, local_addr)));
    return others;
  }

  /** Told when nobody listens at an address. */
  void refused(PhysicalAddress address) {
    first.refused(address);
  }
}
