// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.hep;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.TreeMap;

/** Listens on a port of this machine, and takes datagrams of HEP3 apart. One thread. */
final class HepReader implements AutoCloseable {
  private static final int LONGEST_WAIT_MS = 20_000;

  private final DatagramSocket socket;

  /** On any free port. */
  HepReader() throws IOException {
    this("127.0.0.1", 0);
  }

  HepReader(String host, int port) throws IOException {
    socket = new DatagramSocket(new InetSocketAddress(host, port));
    socket.setSoTimeout(LONGEST_WAIT_MS);
  }

  int port() {
    return socket.getLocalPort();
  }

  /** The next one; fails when none comes. */
  Chunks next() throws IOException {
    byte[] bytes = new byte[HepPacket.MOST];
    DatagramPacket packet = new DatagramPacket(bytes, bytes.length);
    socket.receive(packet);
    return Chunks.of(ByteBuffer.wrap(bytes, 0, packet.getLength()));
  }

  @Override
  public void close() {
    socket.close();
  }

  /** What is in one, by the types of the chunks. */
  record Chunks(TreeMap<Integer, byte[]> values) {
    static Chunks of(ByteBuffer packet) {
      byte[] magic = new byte[4];
      int length = packet.remaining();
      packet.get(magic);
      assertEquals("HEP3", new String(magic, UTF_8));
      assertEquals(length, Short.toUnsignedInt(packet.getShort()));
      TreeMap<Integer, byte[]> values = new TreeMap<>();
      while (packet.hasRemaining()) {
        assertEquals(0, packet.getShort(), "the vendor");
        int type = packet.getShort();
        byte[] value = new byte[Short.toUnsignedInt(packet.getShort()) - 6];
        packet.get(value);
        assertNull(values.put(type, value), "twice");
      }
      return new Chunks(values);
    }

    String text(int type) {
      return new String(values.get(type), UTF_8);
    }

    /** Of any width, without a sign. */
    long number(int type) {
      long number = 0;
      for (byte digit : values.get(type)) {
        number = (number << 8) | Byte.toUnsignedLong(digit);
      }
      return number;
    }

    String address(int type) throws IOException {
      return InetAddress.getByAddress(values.get(type)).getHostAddress();
    }
  }
}
