// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.dispatch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** Records stay what they are from the moment they come until they leave, the oldest first. */
class ByteRingTest {
  private static final int MOST = 100_000;

  /** What was appended, and where. */
  private static final class Appended {
    private final int address;
    private final byte[] bytes;

    Appended(int address, byte[] bytes) {
      this.address = address;
      this.bytes = bytes;
    }

    int address() {
      return address;
    }

    byte[] bytes() {
      return bytes;
    }
  }

  /** Lengths, some about as long as a page, of which the whole space is gone round many times. */
  @Provide
  Arbitrary<List<Integer>> lengths() {
    return Arbitraries.frequencyOf(
            Tuple.of(8, Arbitraries.integers().between(1, 64)),
            Tuple.of(2, Arbitraries.integers().between(2_040, 2_056)),
            Tuple.of(1, Arbitraries.integers().between(4_000, 8_000)))
        .map(units -> units * ByteRing.UNIT)
        .list()
        .ofMinSize(50)
        .ofMaxSize(500);
  }

  @Property(tries = 200)
  void whatIsInIsFoundAsItCame(@ForAll("lengths") List<Integer> lengths, @ForAll long seed) {
    ByteRing ring = new ByteRing(MOST);
    Deque<Appended> model = new ArrayDeque<>();
    Random random = new Random(seed);
    int used = 0;
    for (int length : lengths) {
      while (used + length > MOST) {
        Appended oldest = model.remove();
        check(ring, oldest);
        assertEquals(oldest.address(), ring.oldest());
        ring.removeOldest(oldest.bytes().length);
        used -= oldest.bytes().length;
      }
      byte[] bytes = new byte[length];
      random.nextBytes(bytes);
      model.add(new Appended(ring.append(bytes, length), bytes));
      used += length;
      assertEquals(used, ring.used());
    }
    model.forEach(one -> check(ring, one));
    assertTrue(ring.allocated() <= MOST + 3 * 16_384, "what the oldest leave is used again");
  }

  private static void check(ByteRing ring, Appended one) {
    byte[] bytes = one.bytes();
    byte[] read = new byte[bytes.length];
    ring.read(one.address(), read, read.length);
    assertArrayEquals(bytes, read);
    ByteBuffer numbers = ByteBuffer.wrap(bytes);
    int last = bytes.length - Long.BYTES;
    assertEquals(numbers.getLong(last), ring.getLong(one.address() + last));
    assertEquals(numbers.getInt(last + 4), ring.getInt(one.address() + last + 4));
    assertTrue(ring.has(one.address() + 1, bytes, 1, bytes.length));
    byte[] other = bytes.clone();
    other[bytes.length - 1]++;
    assertFalse(ring.has(one.address(), other, 0, other.length));
  }

  @Property(tries = 100)
  void aNumberThatIsChangedLeavesItsNeighboursAlone(@ForAll("lengths") List<Integer> lengths) {
    ByteRing ring = new ByteRing(MOST);
    for (int length : lengths.stream().limit(10).toList()) {
      byte[] bytes = new byte[length];
      Arrays.fill(bytes, (byte) 7);
      int address = ring.append(bytes, length);
      ring.putInt(address + length - 4, 42);
      ByteBuffer.wrap(bytes).putInt(length - 4, 42);
      check(ring, new Appended(address, bytes));
      ring.removeOldest(length);
      assertEquals(0, ring.used());
    }
  }

  @Example
  void itRefusesWhatHasNoRoomInsteadOfWritingOverTheOldest() {
    ByteRing ring = new ByteRing(MOST);
    int room = ring.room();
    assertTrue(room >= MOST);
    assertEquals(0, ring.append(new byte[room], room));
    assertThrows(IllegalArgumentException.class, () -> ring.append(new byte[8], 8));
    ring.removeOldest(room);
    assertThrows(IllegalArgumentException.class, () -> ring.append(new byte[9], 9), "no unit");
  }

  @Example
  void oneThatIsNotUsedTakesNothing() {
    assertEquals(0, new ByteRing(MOST).allocated());
  }
}
