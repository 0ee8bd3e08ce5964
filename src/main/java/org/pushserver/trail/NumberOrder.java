// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.trail;

import java.util.Arrays;

/**
 * Puts numbers in order by some of their bits, a digit after the other: a fraction of what {@link
 * Arrays#sort(long[])} takes. Confined to one thread.
 */
final class NumberOrder {
  private final int digit;
  private final int[] places;
  private long[] spare = {};

  /**
   * @param digit how many bits of a number are looked at together: fewer for few numbers
   */
  NumberOrder(int digit) {
    this.digit = digit;
    this.places = new int[1 << digit];
  }

  /**
   * Sorts the first numbers of an array; those with the same bits stay in their order.
   *
   * @param low the lowest bit that counts
   * @param bits so many from there on
   */
  void sort(long[] numbers, int count, int low, int bits) {
    if (spare.length < count) {
      spare = new long[numbers.length];
    }
    long[] from = numbers;
    long[] to = spare;
    for (int shift = low; shift < low + bits; shift += digit) {
      long mask = (1L << Math.min(digit, low + bits - shift)) - 1;
      Arrays.fill(places, 0);
      for (int i = 0; i < count; i++) {
        places[(int) (from[i] >>> shift & mask)]++;
      }
      int place = 0;
      for (int i = 0; i < places.length; i++) {
        int many = places[i];
        places[i] = place;
        place += many;
      }
      for (int i = 0; i < count; i++) {
        to[places[(int) (from[i] >>> shift & mask)]++] = from[i];
      }
      long[] sorted = to;
      to = from;
      from = sorted;
    }
    if (from != numbers) {
      System.arraycopy(from, 0, numbers, 0, count);
    }
  }
}
