// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.config;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;

/**
 * Whether an address can be listened on, found out by taking it for a moment, without letting
 * anybody in: whoever connected then would be cut off. Blocks: looks up names.
 */
enum ListenCheck {
  FREE("is free"),
  IN_USE("is in use: by a server that runs, or by another program"),
  NO_NAME("is no name that this machine can look up"),
  NOT_HERE("is no address of this machine"),
  NOT_ALLOWED("may not be listened on by this user: ports below 1024 are for root");

  private static final int FIRST_FOR_ALL = 1024;

  private final String words;

  ListenCheck(String words) {
    this.words = words;
  }

  /** Tries it. */
  static ListenCheck of(ListenAddress address) {
    InetAddress host;
    try {
      host = InetAddress.getByName(address.host());
    } catch (UnknownHostException e) {
      return NO_NAME;
    }
    if (canListen(host, address.port())) {
      return FREE;
    }
    if (!canListen(host, 0)) {
      return NOT_HERE;
    }
    return address.port() < FIRST_FOR_ALL && !canListenBelow(host) ? NOT_ALLOWED : IN_USE;
  }

  private static boolean canListen(InetAddress host, int port) {
    try (Socket socket = new Socket()) {
      // As the server does: connections that have just ended are no obstacle.
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(host, port));
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** Of so many ports one at least is free, so it is the right that is missing. */
  private static boolean canListenBelow(InetAddress host) {
    for (int port = FIRST_FOR_ALL - 1; port > FIRST_FOR_ALL - 9; port--) {
      if (canListen(host, port)) {
        return true;
      }
    }
    return false;
  }

  /** What comes after the address, in words. */
  String words() {
    return words;
  }
}
