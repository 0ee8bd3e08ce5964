// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.hep;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import org.pushserver.config.HepSettings;

/**
 * One datagram of HEP3: a head, and chunks of a vendor, a type, a length and a value. Immutable;
 * any thread.
 *
 * @param source who said it
 * @param destination to whom
 * @param at when
 * @param correlation the call-id, by which Homer joins it to a call; empty for none
 * @param text what is shown
 */
record HepPacket(
    InetSocketAddress source,
    InetSocketAddress destination,
    Instant at,
    String correlation,
    String text) {
  /** What UDP over IPv4 takes. */
  static final int MOST = 65_507;

  /** A datagram of this size is not cut on its way, unless the way is a strange one. */
  private static final int UNCUT = 1_400;

  /** So much of the text is shown in any case. */
  private static final int LEAST_TEXT = 512;

  private static final byte[] MAGIC = {'H', 'E', 'P', '3'};
  private static final int LENGTH_AT = MAGIC.length;
  private static final int CHUNK_HEAD = 6;
  private static final byte[] DOTS = {'.', '.', '.'};
  private static final int MAPPED_AT = 10;

  private static final byte IPV4 = 2;
  private static final byte IPV6 = 10;
  private static final byte UDP = 17;

  /** Homer shows the text of such a packet as it is. */
  private static final byte LOG = 100;

  /** The types of chunks, as every capture server knows them. */
  private interface Chunk {
    int FAMILY = 1;
    int PROTOCOL = 2;
    int SOURCE_IPV4 = 3;
    int DESTINATION_IPV4 = 4;
    int SOURCE_IPV6 = 5;
    int DESTINATION_IPV6 = 6;
    int SOURCE_PORT = 7;
    int DESTINATION_PORT = 8;
    int SECONDS = 9;
    int MICROSECONDS = 10;
    int TYPE = 11;
    int AGENT = 12;
    int KEY = 14;
    int PAYLOAD = 15;
    int CORRELATION = 17;
    int NODE = 19;
  }

  /**
   * Writes it.
   *
   * @param to has room for {@link #MOST} bytes; ready to be sent when this returns
   */
  void write(HepSettings settings, ByteBuffer to) {
    to.clear().put(MAGIC).putShort((short) 0);
    writeAddresses(to);
    chunk(to, Chunk.SECONDS, Integer.BYTES).putInt((int) at.getEpochSecond());
    chunk(to, Chunk.MICROSECONDS, Integer.BYTES).putInt(at.getNano() / 1_000);
    chunk(to, Chunk.TYPE, Byte.BYTES).put(LOG);
    chunk(to, Chunk.AGENT, Integer.BYTES).putInt(settings.id());
    text(to, Chunk.KEY, settings.key().getBytes(UTF_8));
    text(to, Chunk.CORRELATION, correlation.getBytes(UTF_8));
    text(to, Chunk.NODE, settings.node().getBytes(UTF_8));
    int room = Math.max(LEAST_TEXT, UNCUT - to.position() - CHUNK_HEAD);
    text(to, Chunk.PAYLOAD, cut(text.getBytes(UTF_8), room));
    to.putShort(LENGTH_AT, (short) to.position()).flip();
  }

  private void writeAddresses(ByteBuffer to) {
    boolean six = is6(source) || is6(destination);
    chunk(to, Chunk.FAMILY, Byte.BYTES).put(six ? IPV6 : IPV4);
    chunk(to, Chunk.PROTOCOL, Byte.BYTES).put(UDP);
    byte[] from = bytes(source.getAddress(), six);
    byte[] toWhom = bytes(destination.getAddress(), six);
    chunk(to, six ? Chunk.SOURCE_IPV6 : Chunk.SOURCE_IPV4, from.length).put(from);
    chunk(to, six ? Chunk.DESTINATION_IPV6 : Chunk.DESTINATION_IPV4, toWhom.length).put(toWhom);
    chunk(to, Chunk.SOURCE_PORT, Short.BYTES).putShort((short) source.getPort());
    chunk(to, Chunk.DESTINATION_PORT, Short.BYTES).putShort((short) destination.getPort());
  }

  private static boolean is6(InetSocketAddress address) {
    return address.getAddress() instanceof Inet6Address;
  }

  /** Both have one family: an address of IPv4 is written as IPv6 has it where the other is one. */
  private static byte[] bytes(InetAddress address, boolean six) {
    byte[] own = address.getAddress();
    if (!six || address instanceof Inet6Address) {
      return own;
    }
    byte[] mapped = new byte[16];
    if (!address.isAnyLocalAddress()) {
      mapped[MAPPED_AT] = (byte) 0xff;
      mapped[MAPPED_AT + 1] = (byte) 0xff;
      System.arraycopy(own, 0, mapped, MAPPED_AT + 2, own.length);
    }
    return mapped;
  }

  private static ByteBuffer chunk(ByteBuffer to, int type, int length) {
    // The vendor 0 stands for what all agree on.
    return to.putShort((short) 0).putShort((short) type).putShort((short) (CHUNK_HEAD + length));
  }

  private static void text(ByteBuffer to, int type, byte[] text) {
    if (text.length > 0) {
      chunk(to, type, text.length).put(text);
    }
  }

  /** The beginning, without half a character at its end. */
  private static byte[] cut(byte[] text, int most) {
    if (text.length <= most) {
      return text;
    }
    int end = most - DOTS.length;
    while ((text[end] & 0xc0) == 0x80) {
      end--;
    }
    byte[] shorter = Arrays.copyOf(text, end + DOTS.length);
    System.arraycopy(DOTS, 0, shorter, end, DOTS.length);
    return shorter;
  }
}
