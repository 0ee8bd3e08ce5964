// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.hep;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.CodingErrorAction;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.pushserver.config.HepSettings;
import org.pushserver.hep.HepReader.Chunks;

class HepPacketTest {
  private static final HepSettings HOMER =
      new HepSettings("homer.example.com", 9060, "geheim", "push-1", 2100);

  private static final Instant AT = Instant.parse("2027-01-15T08:00:00.061042999Z");
  private static final String LINE = "attempt call-id=a84b4c@pbx reason=\"Zoë\"";

  private final ByteBuffer datagram = ByteBuffer.allocate(HepPacket.MOST);

  private static InetSocketAddress at(String address, int port) throws UnknownHostException {
    return new InetSocketAddress(InetAddress.getByName(address), port);
  }

  private static HepPacket packet(String callId, String text) throws UnknownHostException {
    return new HepPacket(at("10.1.2.3", 8400), at("17.188.1.2", 443), AT, callId, text);
  }

  private Chunks written(HepPacket packet, HepSettings settings) {
    packet.write(settings, datagram);
    return Chunks.of(datagram.duplicate());
  }

  /**
   * These bytes were given to the decoder of heplify-server 1.60.1, which made of them: {@code
   * "Version":2, "Protocol":17, "SrcIP":"10.1.2.3", "DstIP":"17.188.1.2", "SrcPort":8400,
   * "DstPort":443, "Tsec":1800000000, "Tmsec":61042, "ProtoType":100, "ProtoString":"log",
   * "NodeID":2100, "NodePW":"geheim", "NodeName":"push-1", "CID":"a84b4c@pbx", "Payload":"attempt
   * call-id=a84b4c@pbx reason=\"Zoë\""}.
   */
  @Test
  void aPacketIsWhatTheDecoderOfHeplifyServerReads() throws Exception {
    packet("a84b4c@pbx", LINE).write(HOMER, datagram);
    byte[] bytes = new byte[datagram.remaining()];
    datagram.get(bytes);
    String expected =
        """
        48455033 00b3
        0000 0001 0007 02
        0000 0002 0007 11
        0000 0003 000a 0a010203
        0000 0004 000a 11bc0102
        0000 0007 0008 20d0
        0000 0008 0008 01bb
        0000 0009 000a 6b49d200
        0000 000a 000a 0000ee72
        0000 000b 0007 64
        0000 000c 000a 00000834
        0000 000e 000c 67656865696d
        0000 0011 0010 61383462346340706278
        0000 0013 000c 707573682d31
        0000 000f 002e 617474656d70742063616c6c2d69643d6138346234634070627820726561736f6e3d225a6fc3ab22
        """;
    assertEquals(expected.replaceAll("\\s", ""), HexFormat.of().formatHex(bytes));
  }

  @Test
  void addressesOfIpv6HaveChunksOfTheirOwn() throws Exception {
    HepPacket packet =
        new HepPacket(at("2001:db8::1", 8400), at("2620:149::2", 443), AT, "c", "text");
    Chunks chunks = written(packet, HOMER);
    assertEquals(10, chunks.number(1));
    assertEquals("2001:db8:0:0:0:0:0:1", chunks.address(5));
    assertEquals("2620:149:0:0:0:0:0:2", chunks.address(6));
    assertFalse(chunks.values().containsKey(3));
    assertFalse(chunks.values().containsKey(4));
  }

  @Test
  void anAddressOfIpv4BesideOneOfIpv6IsWrittenAsOneOfIpv6() throws Exception {
    HepPacket packet = new HepPacket(at("10.1.2.3", 8400), at("2620:149::2", 443), AT, "c", "t");
    Chunks chunks = written(packet, HOMER);
    assertEquals(10, chunks.number(1));
    assertArrayEquals(
        HexFormat.of().parseHex("00000000000000000000ffff0a010203"), chunks.values().get(5));
    packet = new HepPacket(at("2620:149::2", 8400), at("0.0.0.0", 0), AT, "c", "t");
    assertEquals("0:0:0:0:0:0:0:0", written(packet, HOMER).address(6));
  }

  @Test
  void whatThereIsNotHasNoChunk() throws Exception {
    HepSettings plain = new HepSettings("homer.example.com", 9060, "", "push-1", 2100);
    Chunks chunks = written(packet("", LINE), plain);
    assertEquals(Set.of(1, 2, 3, 4, 7, 8, 9, 10, 11, 12, 15, 19), chunks.values().keySet());
  }

  @Test
  void aLongTextIsCutSoThatNoRouterNeedCutTheDatagramAndNoCharacterInTwo() throws Exception {
    for (int more = 0; more < 4; more++) {
      Chunks chunks = written(packet("c" + "x".repeat(more), "é😀".repeat(1_000)), HOMER);
      assertTrue(datagram.remaining() <= 1_400, () -> "" + datagram.remaining());
      assertTrue(datagram.remaining() > 1_390, () -> "" + datagram.remaining());
      String text =
          UTF_8
              .newDecoder()
              .onMalformedInput(CodingErrorAction.REPORT)
              .decode(ByteBuffer.wrap(chunks.values().get(15)))
              .toString();
      assertTrue(text.endsWith("..."), text);
    }
  }

  @Test
  void theCallIdIsNeverCutAndTheLongestOfAllFitsADatagram() throws Exception {
    String callId = "中".repeat(1_024);
    HepSettings longest =
        new HepSettings("h", 9060, "中".repeat(255), "中".repeat(255), Integer.MAX_VALUE);
    Chunks chunks = written(packet(callId, "x".repeat(100_000)), longest);
    assertEquals(callId, chunks.text(17));
    assertEquals(512, chunks.values().get(15).length);
    assertEquals(Integer.MAX_VALUE, chunks.number(12));
  }

  @Test
  void halfACharacterIsShownAsAQuestionMark() throws Exception {
    assertEquals("a?b", written(packet("a\ud83db", LINE), HOMER).text(17));
  }

  @Test
  void theGreatestPortHasNoSign() throws Exception {
    HepPacket packet = new HepPacket(at("10.1.2.3", 65_535), at("10.1.2.4", 0), AT, "c", "t");
    assertEquals(65_535, written(packet, HOMER).number(7));
  }
}
