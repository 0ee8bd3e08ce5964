// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.compact;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** An index finds what was added and not removed, whatever has the same hash or lies beside it. */
class HashIndexTest {
  /** An address is added, or replaced by another one, or removed. */
  private record Step(int hash, int address, boolean isReplaced) {}

  /** Many with the same hash, many that want the same place, and some of any kind. */
  @Provide
  Arbitrary<List<Step>> steps() {
    Arbitrary<Integer> hashes =
        Arbitraries.oneOf(
            Arbitraries.of(0, 1, -1, 15, 16, 31, Integer.MIN_VALUE, Integer.MAX_VALUE),
            Arbitraries.integers());
    Arbitrary<Integer> addresses = Arbitraries.integers().between(0, 20).map(units -> units * 8);
    return Combinators.combine(hashes, addresses, Arbitraries.of(true, false))
        .as(Step::new)
        .list()
        .ofMaxSize(300);
  }

  @Property(tries = 1_000)
  void itFindsWhatIsInAndNothingElse(@ForAll("steps") List<Step> steps) {
    HashIndex index = new HashIndex();
    Map<Integer, Set<Integer>> model = new HashMap<>();
    for (Step step : steps) {
      Set<Integer> same = model.computeIfAbsent(step.hash(), hash -> new HashSet<>());
      int place = index.find(step.hash(), step.address());
      if (same.add(step.address())) {
        assertEquals(HashIndex.NONE, place);
        index.add(step.hash(), step.address());
      } else if (step.isReplaced() && same.add(step.address() + 1_000)) {
        same.remove(step.address());
        index.replace(place, step.address() + 1_000);
      } else {
        same.remove(step.address());
        index.remove(place);
      }
    }
    model.forEach((hash, same) -> assertEquals(same, all(index, hash)));
    assertEquals(model.values().stream().mapToInt(Set::size).sum(), index.size());
  }

  private static Set<Integer> all(HashIndex index, int hash) {
    Set<Integer> found = new HashSet<>();
    for (int place = index.first(hash); place != HashIndex.NONE; place = index.next(place)) {
      found.add(index.address(place));
    }
    return found;
  }

  @Example
  void itTakesLittleWhileItIsEmptyAndGrowsByDoubling() {
    HashIndex index = new HashIndex();
    assertEquals(128, index.bytes());
    for (int i = 0; i < 100_000; i++) {
      index.add(i * 31, i);
    }
    assertEquals(262_144 * 8, index.bytes());
  }
}
