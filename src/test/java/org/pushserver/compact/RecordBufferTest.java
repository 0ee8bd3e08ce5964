// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.compact;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;

/** Texts come out of a record as they went in. */
class RecordBufferTest {
  private static final int BEGIN = 24;
  private static final long SECRET = 0x9E37_79B9_7F4A_7C15L;

  @Provide
  Arbitrary<List<String>> texts() {
    return Arbitraries.frequencyOf(
            Tuple.of(4, Arbitraries.strings().ascii().ofMaxLength(200)),
            Tuple.of(2, Arbitraries.strings().withCharRange('\u00e0', '\u0110').ofMaxLength(20)),
            Tuple.of(
                2, Arbitraries.of("", "\uD800", "\uDC00x", "Алиса", "a\u0000", "x".repeat(127))),
            Tuple.of(1, Arbitraries.strings().all().ofMaxLength(2_000)))
        .injectNull(0.1)
        .list()
        .ofMaxSize(12);
  }

  private static byte[] written(RecordBuffer buffer, List<String> texts) {
    buffer.begin(BEGIN);
    texts.forEach(buffer::writeText);
    return Arrays.copyOfRange(buffer.array(0), BEGIN, buffer.position());
  }

  @Property
  void textsAreReadAsTheyWereWritten(@ForAll("texts") List<String> texts) {
    RecordBuffer buffer = new RecordBuffer();
    byte[] bytes = written(buffer, texts);
    buffer.begin(BEGIN);
    for (String text : texts) {
      assertEquals(text, buffer.readText());
    }
    assertEquals(bytes.length, buffer.position() - BEGIN);
  }

  @Property
  void equalTextsAreEqualBytesAndOthersAreNot(
      @ForAll("texts") List<String> one, @ForAll("texts") List<String> other) {
    RecordBuffer buffer = new RecordBuffer();
    byte[] first = written(buffer, one);
    long hash = buffer.hash(BEGIN, 1, SECRET);
    byte[] second = written(buffer, other);
    boolean same = Arrays.equals(first, second);
    assertEquals(one.equals(other), same);
    byte[] again = written(buffer, one);
    assertTrue(Arrays.equals(first, again));
    assertEquals(hash, buffer.hash(BEGIN, 1, SECRET), "what the buffer had before does not count");
  }

  @Property
  void countsAreReadAsTheyWereWritten(@ForAll @IntRange int count) {
    RecordBuffer buffer = new RecordBuffer();
    buffer.begin(BEGIN);
    buffer.writeCount(count);
    buffer.begin(BEGIN);
    assertEquals(count, buffer.readCount());
  }

  private static long hash(String text, long secret) {
    RecordBuffer buffer = new RecordBuffer();
    buffer.begin(BEGIN);
    buffer.writeText(text);
    return buffer.hash(BEGIN, secret, secret);
  }

  @Example
  void callIdsThatAreMuchAlikeHaveHashesThatAreNot() {
    Set<Long> hashes = new HashSet<>();
    Set<Integer> lowBits = new HashSet<>();
    for (int i = 0; i < 10_000; i++) {
      long hash = hash(i + "-call@192.0.2.1", SECRET);
      hashes.add(hash);
      lowBits.add((int) hash & 0xFFFF);
    }
    assertEquals(10_000, hashes.size());
    assertTrue(lowBits.size() > 8_500, lowBits.size() + ": by chance they would be 9 270");
  }

  /** Of some, the words differ in their highest bits only: half of a product would lose that. */
  @Example
  void callIdsCannotBeMadeToHaveTheSameHash() {
    String one = "-" + "A234567".repeat(4);
    assertNotEquals(hash(one, SECRET), hash(one.replace('A', '\u00c1'), SECRET));
    assertNotEquals(hash("Aa", SECRET), hash("BB", SECRET));
    assertNotEquals(hash("a", SECRET), hash("a", SECRET + 2), "another server has others");
  }
}
