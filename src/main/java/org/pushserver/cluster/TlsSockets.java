// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.cluster;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import org.jgroups.util.DefaultSocketFactory;

/** Makes the connections of members for JGroups. Any thread. */
final class TlsSockets extends DefaultSocketFactory {
  private final ClusterTls tls;

  TlsSockets(ClusterTls tls) {
    this.tls = tls;
  }

  @Override
  public Socket createSocket(String service) {
    return new TlsSocket(tls);
  }

  @Override
  public ServerSocket createServerSocket(String service) throws IOException {
    return new MemberDoor(tls);
  }
}
