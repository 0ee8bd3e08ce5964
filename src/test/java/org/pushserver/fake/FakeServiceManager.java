// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.fake;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.DomainDatagramSocketAddress;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** What systemd would be told: a socket of the test's own in place of systemd's. */
public final class FakeServiceManager implements AutoCloseable {
  private static final int LONGEST = 64 * 1024;

  private final Socket socket;
  private final ByteBuffer datagram = ByteBuffer.allocateDirect(LONGEST);
  private final List<String> told = new ArrayList<>();

  /** Where {@link #next} goes on. */
  private int seen;

  private FakeServiceManager(Socket socket) {
    this.socket = socket;
  }

  /**
   * Listens.
   *
   * @param name as systemd writes it: a path, or {@code @} and a name
   */
  public static FakeServiceManager listen(String name) throws IOException {
    Epoll.ensureAvailability();
    Socket socket = Socket.newSocketDomainDgram();
    socket.bind(new DomainSocketAddress(name.startsWith("@") ? "\0" + name.substring(1) : name));
    return new FakeServiceManager(socket);
  }

  /** The next datagram that has something; those before it are passed over. */
  @CanIgnoreReturnValue
  public String next(Predicate<String> wanted) throws Exception {
    int[] found = {-1};
    Await.until(
        () -> {
          read();
          for (; found[0] < 0 && seen < told.size(); seen++) {
            if (wanted.test(told.get(seen))) {
              found[0] = seen;
            }
          }
          return found[0] >= 0;
        },
        () -> "systemd was told only " + told);
    return told.get(found[0]);
  }

  /** The next datagram with a line that begins so. */
  @CanIgnoreReturnValue
  public String next(String line) throws Exception {
    return next(one -> one.lines().anyMatch(each -> each.startsWith(line)));
  }

  /** All that it was told until now, in its order. */
  public List<String> told() throws IOException {
    read();
    return List.copyOf(told);
  }

  private void read() throws IOException {
    datagram.clear();
    DomainDatagramSocketAddress from = socket.recvFromDomainSocket(datagram, 0, LONGEST);
    while (from != null && from.receivedAmount() > 0) {
      byte[] bytes = new byte[from.receivedAmount()];
      datagram.get(0, bytes);
      told.add(new String(bytes, UTF_8));
      from = socket.recvFromDomainSocket(datagram, 0, LONGEST);
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
