// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.pushserver.push.Outcome.Result;

/**
 * Whatever comes in whatever order, of rings, their ends and cancels of either kind: the devices
 * that are told are those that a plain list says, and the newest of them where memory is short.
 */
class RungPropertyTest {
  private static final int SHORT = 3_000;

  /** One thing that happens, with words for a failed case. */
  private record Step(String words, Consumer<RungModel> action) {
    @Override
    public String toString() {
      return words;
    }
  }

  @Property(tries = 2_000)
  void thoseAreToldThatWereRungAndNotCancelled(@ForAll("schedules") List<Step> schedule) {
    RungModel model = new RungModel(Long.MAX_VALUE);
    schedule.forEach(step -> step.action().accept(model));
    model.cancelAll();
  }

  @Property(tries = 1_000)
  void whereMemoryIsShortTheOldestAreForgotten(@ForAll("schedules") List<Step> schedule) {
    RungModel model = new RungModel(SHORT);
    for (Step step : schedule) {
      step.action().accept(model);
      assertTrue(model.rung.bytes() <= SHORT);
    }
    model.cancelAll();
    assertEquals(model.calls(), model.rung.calls());
  }

  @Provide
  Arbitrary<List<Step>> schedules() {
    return Arbitraries.frequencyOf(
            Tuple.of(10, rings()),
            Tuple.of(4, cancels()),
            Tuple.of(2, which("cancel in full", RungModel::cancelInFull)),
            Tuple.of(2, which("answered", RungModel::answered)),
            Tuple.of(3, which("left", RungModel::left)),
            Tuple.of(3, ends()),
            Tuple.of(2, pauses()))
        .list()
        .ofMaxSize(120);
  }

  private static Arbitrary<Integer> few(int most) {
    return Arbitraries.integers().between(0, most);
  }

  private static Arbitrary<Step> rings() {
    return Combinators.combine(few(5), few(4), few(1))
        .as(
            (call, device, app) ->
                new Step(
                    "ring " + call + ' ' + device + ' ' + app,
                    model -> model.ring(call, device, app)));
  }

  /** Of all, of one application, and but one device. */
  private static Arbitrary<Step> cancels() {
    return Combinators.combine(few(5), few(2), few(6))
        .as(
            (call, app, except) ->
                new Step(
                    "cancel " + call + " of " + app + " but " + except,
                    model -> model.cancel(call, app, except)));
  }

  private static Arbitrary<Step> which(String words, BiConsumer<RungModel, Integer> action) {
    return few(100).map(one -> new Step(words + ' ' + one, model -> action.accept(model, one)));
  }

  private static Arbitrary<Step> ends() {
    return Combinators.combine(few(100), Arbitraries.of(Result.class))
        .as((one, result) -> new Step(result + " " + one, model -> model.ended(one, result)));
  }

  private static Arbitrary<Step> pauses() {
    return Arbitraries.of(1L, 2_999L, 3_000L, 90_000L, 179_999L)
        .map(ms -> new Step("pause " + ms, model -> model.pause(ms)));
  }
}
