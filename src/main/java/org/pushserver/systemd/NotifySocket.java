// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.systemd;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import org.pushserver.log.UnixDatagrams;
import org.pushserver.spi.Reason;
import org.pushserver.spi.Time;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The socket on which systemd listens: a datagram of lines for each thing it is told. What it
 * cannot take is tried again for a while, and lost then. Confined to one event loop.
 */
final class NotifySocket {
  private static final int LONGEST = 2 * 1024;

  /** More than is ever said while systemd is busy with something else. */
  private static final int MOST_UNSENT = 16;

  private static final long AGAIN_MS = 100;

  private static final Logger LOG = LoggerFactory.getLogger(NotifySocket.class);

  private final Optional<UnixDatagrams> datagrams;
  private final Time time;
  private final ByteBuffer datagram = ByteBuffer.allocateDirect(LONGEST);
  private final Queue<String> unsent = new ArrayDeque<>();
  private boolean told;

  private NotifySocket(Optional<UnixDatagrams> datagrams, Time time) {
    this.datagrams = datagrams;
    this.time = time;
  }

  /**
   * @param name as systemd has it in the environment
   */
  static NotifySocket open(String name, Time time) {
    boolean unix = name.startsWith("/") || name.startsWith("@");
    NotifySocket socket = new NotifySocket(unix ? UnixDatagrams.to(name) : Optional.empty(), time);
    if (socket.datagrams.isEmpty()) {
      socket.tell("there is no way to " + name + " on this system");
    }
    return socket;
  }

  /**
   * Sends it, or says once why that cannot be done.
   *
   * @param state one assignment on each line
   */
  void send(String state) {
    if (datagrams.isEmpty()) {
      return;
    }
    if (!unsent.isEmpty() || !isSent(state)) {
      keep(state);
    }
  }

  private boolean isSent(String state) {
    try {
      datagram.clear();
      datagram.put(state.getBytes(UTF_8));
      return datagrams.get().isSent(datagram);
    } catch (IOException e) {
      tell(Reason.of(e));
      return true;
    }
  }

  private void keep(String state) {
    if (unsent.isEmpty()) {
      time.timer(AGAIN_MS, this::sendAgain);
    }
    if (unsent.size() < MOST_UNSENT) {
      unsent.add(state);
    } else {
      tell("its socket is full");
    }
  }

  private void sendAgain() {
    while (!unsent.isEmpty() && isSent(unsent.element())) {
      unsent.remove();
    }
    if (!unsent.isEmpty()) {
      time.timer(AGAIN_MS, this::sendAgain);
    }
  }

  private void tell(String why) {
    if (!told) {
      told = true;
      LOG.error(
          "systemd cannot be told how the server is, and may end it: {}; with Type=exec instead of"
              + " Type=notify, and without WatchdogSec, it waits for nothing",
          why);
    }
  }
}
