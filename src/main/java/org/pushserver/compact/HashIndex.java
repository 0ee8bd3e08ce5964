// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.compact;

/**
 * Finds addresses by a hash, in one array of numbers: several may have the same hash, and whoever
 * asks looks which of them is meant. It doubles as it fills, and stays so. Not for several threads
 * at once.
 *
 * <p>A place is good until the next addition or removal.
 */
public final class HashIndex {
  /** No place. */
  public static final int NONE = -1;

  private static final int FEWEST = 16;
  private static final long FREE = 0;

  /** Hash, and address plus one; a power of two, a third of them free. */
  private long[] places = new long[FEWEST];

  private int size;

  /** How many addresses are in. */
  public int size() {
    return size;
  }

  /** What it takes of the heap. */
  public int bytes() {
    return places.length * Long.BYTES;
  }

  /** {@return the first place with this hash, or {@link #NONE}} */
  public int first(int hash) {
    return from(home(hash), hash);
  }

  /** {@return the next place with the same hash, or {@link #NONE}} */
  public int next(int place) {
    return from(after(place), hash(places[place]));
  }

  private int from(int begin, int hash) {
    int place = begin;
    while (places[place] != FREE) {
      if (hash(places[place]) == hash) {
        return place;
      }
      place = after(place);
    }
    return NONE;
  }

  /** {@return the place of an address, or {@link #NONE}} */
  public int find(int hash, int address) {
    int place = first(hash);
    while (place != NONE && address(place) != address) {
      place = next(place);
    }
    return place;
  }

  /** The address at a place. */
  public int address(int place) {
    return (int) places[place] - 1;
  }

  /**
   * Adds an address.
   *
   * @param address 0 or more
   */
  public void add(int hash, int address) {
    size++;
    if (size > places.length / 3 * 2) {
      grow();
    }
    put((long) hash << Integer.SIZE | (address + 1));
  }

  private void grow() {
    long[] before = places;
    places = new long[before.length * 2];
    for (long one : before) {
      if (one != FREE) {
        put(one);
      }
    }
  }

  private void put(long one) {
    int place = home(hash(one));
    while (places[place] != FREE) {
      place = after(place);
    }
    places[place] = one;
  }

  /** Puts another address, of the same hash, at a place. */
  public void replace(int place, int address) {
    places[place] = (long) hash(places[place]) << Integer.SIZE | (address + 1);
  }

  /** Removes the address at a place. */
  public void remove(int place) {
    size--;
    int hole = place;
    // What would not be found beyond a hole moves into it.
    for (int at = after(place); places[at] != FREE; at = after(at)) {
      if (distance(home(hash(places[at])), at) >= distance(hole, at)) {
        places[hole] = places[at];
        hole = at;
      }
    }
    places[hole] = FREE;
  }

  private int distance(int from, int to) {
    return (to - from) & (places.length - 1);
  }

  private int home(int hash) {
    return hash & (places.length - 1);
  }

  private int after(int place) {
    return (place + 1) & (places.length - 1);
  }

  private static int hash(long one) {
    return (int) (one >>> Integer.SIZE);
  }
}
