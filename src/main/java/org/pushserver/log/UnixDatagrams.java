// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.log;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * The way to a Unix socket that takes datagrams, such as systemd has them. The JDK has no such
 * sockets, Netty has. Never blocks. One thread at a time.
 */
public final class UnixDatagrams implements AutoCloseable {
  /** How systemd writes the name of a socket that is in no directory: the kernel wants a 0. */
  private static final char ABSTRACT = '@';

  private final byte[] address;
  private final Socket socket;

  private UnixDatagrams(byte[] address, Socket socket) {
    this.address = address;
    this.socket = socket;
  }

  /**
   * To a socket, which need not be there yet.
   *
   * @param name its path, or {@code @} and its name
   * @return empty where Netty has no native code for it
   */
  public static Optional<UnixDatagrams> to(String name) {
    byte[] address = name.getBytes(UTF_8);
    if (name.charAt(0) == ABSTRACT) {
      address[0] = 0;
    }
    return Epoll.isAvailable()
        ? Optional.of(new UnixDatagrams(address, Socket.newSocketDomainDgram()))
        : Optional.empty();
  }

  /**
   * Sends what a buffer has before its position.
   *
   * @param datagram a direct one
   * @return false when the socket can take no more at this moment
   * @throws IOException when it is not there, or does not take it for another reason
   */
  public boolean isSent(ByteBuffer datagram) throws IOException {
    return socket.sendToDomainSocket(datagram, 0, datagram.position(), address) > 0;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
