// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.pushserver.bench.ServerSetup.Section;

/** How the cost of a push, and memory, grow with the number of applications. */
final class Applications implements Scenario {
  static final String NAME = "applications";

  private static final double BYTES_PER_KB = 1000;
  private static final int SETTLE_MS = 500;

  /** What two processes differ by in any case is more than a few applications take. */
  private static final int ENOUGH_TO_TELL = 100;

  /**
   * Pushes a second at which no application has several under way: what many applications cost more
   * than one at saturation is mostly that each has fewer pushes to put into one record and one
   * write.
   */
  private static final int EVEN_RATE = 4000;

  /** A server with so many applications at rest, all of which have been used. */
  private record Idle(int applications, long resident, long heap) {}

  /** In the results. */
  static String program(int applications) {
    return applications + (applications == 1 ? " application" : " applications");
  }

  @Override
  public void play(Run run) throws Exception {
    List<BenchIngress> doors = new ArrayList<>();
    Idle one = null;
    for (int count : run.plan().applications()) {
      Run.say("applications: warming up " + program(count));
      BenchIngress door = start(run, count);
      // Before, a server with few applications has not touched all of its heap yet.
      door.warmUp(run.plan().warmUp());
      Idle idle = idle(count, door);
      if (one == null) {
        one = idle;
      } else if (count >= ENOUGH_TO_TELL) {
        compare(run.report(), door, idle, one);
      }
      doors.add(door);
    }
    for (int round = 0; round < run.plan().rounds(); round++) {
      Run.say("applications: saturation, round " + (round + 1));
      for (BenchIngress door : Speed.inTurn(doors, round)) {
        Sample sample = door.saturate(run.plan().seconds());
        run.report().add(NAME, door.name(), Measure.RATE, sample.perSecond());
        run.report().add(NAME, door.name(), Measure.CPU, sample.cpuMicrosPerPush());
      }
    }
    for (int round = 0; round < run.plan().rounds(); round++) {
      Run.say("applications: " + EVEN_RATE + " pushes/s, round " + (round + 1));
      for (BenchIngress door : Speed.inTurn(doors, round)) {
        double cpu = door.cpuAt(EVEN_RATE, run.plan().seconds());
        run.report().add(NAME, door.name(), Measure.CPU_EVEN, cpu);
      }
    }
    for (BenchIngress door : doors) {
      door.close();
    }
  }

  private static BenchIngress start(Run run, int count) throws IOException, InterruptedException {
    Stage stage = run.stage();
    Section[] sections = new Section[count];
    for (int i = 0; i < count; i++) {
      sections[i] = Section.of("com.example.phone" + i, "apple", stage.sink().port());
    }
    Running server =
        stage.start(run.builds().get(0), ServerSetup.waiting(program(count), sections));
    BenchIngress door =
        stage.door(program(count), server, new Posts("apple", "com.example.phone", count));
    // A first push to each: with 1000 it takes seconds until all have their connection.
    var unused = door.pace(count, 1);
    return door;
  }

  private static Idle idle(int count, BenchIngress door) throws IOException, InterruptedException {
    Thread.sleep(SETTLE_MS);
    long resident = door.child().files().residentBytes();
    return new Idle(count, resident, LiveHeap.bytes(door.child().files().pid()));
  }

  private static void compare(Report report, BenchIngress door, Idle many, Idle one) {
    double more = (many.applications() - one.applications()) * BYTES_PER_KB;
    report.add(
        NAME, door.name(), Measure.IDLE_APPLICATION, (many.resident() - one.resident()) / more);
    report.add(NAME, door.name(), Measure.HEAP_APPLICATION, (many.heap() - one.heap()) / more);
  }
}
