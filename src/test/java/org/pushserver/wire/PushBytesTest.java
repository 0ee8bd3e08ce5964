// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.UUID;
import java.util.zip.CRC32C;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;
import org.pushserver.push.AccountAsker;
import org.pushserver.push.AppKey;
import org.pushserver.push.Details;
import org.pushserver.push.Device;
import org.pushserver.push.Event;
import org.pushserver.push.Kind;
import org.pushserver.push.Push;
import org.pushserver.queue.KeptPush;
import org.pushserver.spi.SamplePush;

/** A push is the same when it has been bytes, and bytes that are none are never one. */
class PushBytesTest {
  /** A ring as the first version wrote it. What is on disks and on the way stays readable. */
  private static final String FIRST_FORM =
      "010a0300000000000000010000000000000002000001a3185c5000000001a3185d4a0045636f6d2e"
          + "6578616d706c652e70686f6e65156170706c6541746f6b656e2d3132333435363738393000000041"
          + "696e636f6d696e675f73657373696f6e004163616c6c406578616d706c652e636f6d557369703a61"
          + "6c696365406578616d706c652e636f6d15416c6963654d7369703a626f62406578616d706c652e63"
          + "6f6d15617564696f000000000000000001001d6120622e706466000000010e0418043c044f05fc00"
          + "0000b922fc49";

  @Example
  void theServerWhoseDoorTookItStaysKnown() throws Exception {
    Push push = SamplePush.of(Event.INCOMING_SESSION).push();
    assertNull(PushBytes.read(PushBytes.dated(new KeptPush(push)), 0).push().door());
    Push read = PushBytes.read(PushBytes.dated(new KeptPush(push.takenAt("n2"))), 0).push();
    assertEquals("n2", read.door());
    assertEquals("n2", read.takenAt("n3").door());
    assertEquals(push.sender(), read.sender());
    assertEquals(push.account(), read.account());
  }

  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.frequencyOf(
        Tuple.of(6, Arbitraries.strings().ascii().ofMaxLength(40)),
        Tuple.of(1, Arbitraries.of("", "\u0000", "Алиса", "\uD800", "é", "x".repeat(5_000))),
        Tuple.of(1, Arbitraries.strings().all().ofMaxLength(60)));
  }

  private Arbitrary<String> perhaps() {
    return texts().injectNull(0.3);
  }

  private Arbitrary<String> some() {
    return texts().map(text -> text.isEmpty() ? "x" : text);
  }

  private Arbitrary<Details> details() {
    Arbitrary<Map<String, String>> extra = Arbitraries.maps(texts(), texts()).ofMaxSize(4);
    return Combinators.combine(
            perhaps().list().ofSize(10), Arbitraries.of(true, false), Arbitraries.integers(), extra)
        .as(
            (text, silent, badge, more) ->
                new Details(
                    text.get(0),
                    text.get(1),
                    text.get(2),
                    text.get(3),
                    silent,
                    text.get(4),
                    badge,
                    text.get(5),
                    text.get(6),
                    text.get(7),
                    text.get(8),
                    text.get(9),
                    more));
  }

  private Arbitrary<Device> devices() {
    Arbitrary<Device> any =
        Combinators.combine(some(), perhaps(), texts(), Arbitraries.of(true, false), perhaps())
            .as(Device::new);
    return Arbitraries.oneOf(any, some().map(token -> new Device(token, null)));
  }

  @Provide
  Arbitrary<KeptPush> pushes() {
    Arbitrary<Event> events =
        Combinators.combine(texts(), Arbitraries.of(Kind.class)).as(Event::new);
    Arbitrary<Long> times = Arbitraries.longs().between(0, 4_000_000_000_000L);
    Arbitrary<Push> pushes =
        Combinators.combine(
                Combinators.combine(Arbitraries.longs(), Arbitraries.longs()).as(UUID::new),
                Combinators.combine(some(), some()).as(AppKey::new),
                devices(),
                events,
                texts(),
                details(),
                Combinators.combine(times, Arbitraries.longs().between(0, 1L << 50))
                    .as((born, life) -> new long[] {born, born + life}),
                Combinators.combine(perhaps(), perhaps(), perhaps())
                    .as((request, sender, account) -> new String[] {request, sender, account}))
            .as(
                (id, app, device, event, callId, details, time, said) ->
                    new Push(
                        id,
                        app,
                        device,
                        event,
                        callId,
                        details,
                        time[0],
                        time[1],
                        said[0],
                        WireAsker.of(said[1], said[2])));
    return Combinators.combine(
            pushes,
            Arbitraries.integers().between(0, Integer.MAX_VALUE),
            Arbitraries.of(true, false))
        .as(KeptPush::new);
  }

  @Property(tries = 500)
  void aPushIsTheSameWhenItHasBeenBytes(@ForAll("pushes") KeptPush kept, @ForAll int now)
      throws Exception {
    assertEquals(kept, PushBytes.read(PushBytes.dated(kept), now));
  }

  @Property(tries = 200)
  void withTheTimeThatIsLeftItIsReadByAnotherClock(
      @ForAll("pushes") KeptPush kept,
      @ForAll @IntRange(min = -5_000_000, max = 5_000_000) int ahead)
      throws Exception {
    KeptPush read = PushBytes.read(PushBytes.timed(kept, 1_000), 1_000 + ahead);
    assertEquals(kept.push().moved(ahead), read.push());
    assertEquals(kept.attempts(), read.attempts());
  }

  @Property(tries = 300)
  void bytesThatWereChangedAreNoPush(
      @ForAll("pushes") KeptPush kept, @ForAll @IntRange(min = 0) int at, @ForAll byte other) {
    byte[] bytes = PushBytes.dated(kept);
    bytes[at % bytes.length] ^= other == 0 ? 1 : other;
    assertThrows(DamagedPushException.class, () -> PushBytes.read(bytes, 0));
  }

  @Property(tries = 200)
  void bytesThatAreCutAreNoPush(
      @ForAll("pushes") KeptPush kept, @ForAll @IntRange(min = 0) int at) {
    byte[] bytes = PushBytes.dated(kept);
    byte[] cut = Arrays.copyOf(bytes, at % (bytes.length - Integer.BYTES));
    assertThrows(DamagedPushException.class, () -> PushBytes.read(cut, 0));
    assertThrows(DamagedPushException.class, () -> PushBytes.read(sealed(cut), 0));
  }

  /** As one would come from a program that writes them wrong: the seal is right, nothing else. */
  @Property(tries = 2_000)
  void bytesOfAnyKindNeverEndInAnythingElse(@ForAll byte[] content, @ForAll boolean isOurs) {
    if (isOurs && content.length > 0) {
      content[0] = 1;
    }
    try {
      KeptPush read = PushBytes.read(sealed(content), 0);
      assertFalse(read.push().device().token().isEmpty());
    } catch (DamagedPushException e) {
      assertFalse(e.getMessage().isEmpty());
    }
  }

  private static byte[] sealed(byte[] content) {
    CRC32C crc = new CRC32C();
    crc.update(content);
    return ByteBuffer.allocate(content.length + Integer.BYTES)
        .put(content)
        .putInt((int) crc.getValue())
        .array();
  }

  @Example
  void theFormOfANewerServerIsRefusedByName() {
    byte[] bytes = PushBytes.dated(new KeptPush(SamplePush.of(Event.MESSAGE).push()));
    byte[] newer = Arrays.copyOf(bytes, bytes.length - Integer.BYTES);
    newer[0] = 2;
    DamagedPushException refused =
        assertThrows(DamagedPushException.class, () -> PushBytes.read(sealed(newer), 0));
    assertEquals(
        "it has form 2 of a newer Pushserver; this one reads form 1", refused.getMessage());
  }

  /** Of four bytes each: so much text would be asked for that no server has it. */
  @Example
  void lengthsThatAreNotThereTakeNoRoom() {
    byte[] bytes = new byte[64];
    Arrays.fill(bytes, (byte) 0xFE);
    bytes[0] = 1;
    bytes[40] = 0x7F;
    assertThrows(DamagedPushException.class, () -> PushBytes.read(sealed(bytes), 0));
  }

  @Example
  void whoAskedIsWhatHeWasCalledAndWhatAccountHeNamed() throws Exception {
    Push push = SamplePush.of(Event.INCOMING_SESSION).push();
    AccountAsker asker =
        new AccountAsker() {
          @Override
          public String account() {
            return "alice@example.com";
          }

          @Override
          public String toString() {
            return "192.0.2.7 key=pbx";
          }
        };
    Push read = readAgain(push, asker);
    assertEquals("192.0.2.7 key=pbx", read.sender());
    assertEquals("alice@example.com", read.account());
    assertInstanceOf(AccountAsker.class, read.asker());
    assertNull(readAgain(push, "192.0.2.7").account());
    assertNull(readAgain(push, null).asker());
  }

  private static Push readAgain(Push push, Object asker) throws DamagedPushException {
    Push asked =
        new Push(
            push.id(),
            push.app(),
            push.device(),
            push.event(),
            push.callId(),
            push.details(),
            push.bornAt(),
            push.deadline(),
            "{}",
            asker);
    return PushBytes.read(PushBytes.dated(new KeptPush(asked)), 0).push();
  }

  @Example
  void whatTheFirstVersionWroteIsRead() throws Exception {
    KeptPush kept =
        new KeptPush(SamplePush.of(Event.INCOMING_SESSION).extra("Имя", "ü").push(), 3, true);
    assertEquals(FIRST_FORM, HexFormat.of().formatHex(PushBytes.dated(kept)));
    assertEquals(kept, PushBytes.read(HexFormat.of().parseHex(FIRST_FORM), 0));
  }

  @Example
  void anUsualPushIsShort() {
    int length = PushBytes.dated(new KeptPush(SamplePush.of(Event.INCOMING_SESSION).push())).length;
    assertTrue(length < 250, () -> length + " bytes");
  }

  @Example
  void textsThatMostPushesShareAreOneObject() throws DamagedPushException {
    byte[] bytes = PushBytes.dated(new KeptPush(SamplePush.of(Event.INCOMING_SESSION).push()));

    Push one = PushBytes.read(bytes, 0).push();
    Push other = PushBytes.read(bytes, 0).push();

    assertSame(one.app().appId(), other.app().appId());
    assertSame(one.app().platform(), other.app().platform());
    assertSame(one.event().name(), other.event().name());
    assertSame(one.details().mediaType(), other.details().mediaType());
  }
}
