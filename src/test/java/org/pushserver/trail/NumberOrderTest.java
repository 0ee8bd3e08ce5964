// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.trail;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NumberOrderTest {
  @ParameterizedTest
  @CsvSource({"8, 0", "8, 1", "8, 700", "12, 20000", "5, 33"})
  void numbersAreInOrderAndWhatIsBehindThemStays(int digit, int count) {
    long[] numbers = new Random(count).longs(count + 3, 0, 1L << TrailKeys.BITS).toArray();
    long[] expected = numbers.clone();
    Arrays.sort(expected, 0, count);

    new NumberOrder(digit).sort(numbers, count, 0, TrailKeys.BITS);

    assertArrayEquals(expected, numbers);
  }

  @ParameterizedTest
  @CsvSource({"8, 16", "12, 36"})
  void bitsThatDoNotCountLeaveTheOrder(int digit, int bits) {
    long[] numbers = {5L << 24 | 1, 4L << 24 | 2, 5L << 24, 1L << 62 | 4L << 24};

    new NumberOrder(digit).sort(numbers, numbers.length, 24, bits);

    assertArrayEquals(
        new long[] {4L << 24 | 2, 1L << 62 | 4L << 24, 5L << 24 | 1, 5L << 24}, numbers);
  }
}
