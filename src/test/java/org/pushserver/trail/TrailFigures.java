// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.trail;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.function.IntFunction;
import org.pushserver.push.AppKey;

/**
 * What a search takes in a trail of any size: makes one, unless it is there already, and looks for
 * records in it that are drawn by chance.
 */
final class TrailFigures {
  private static final int ROUNDS = 60;
  private static final long BORN = 1_790_000_000_000L;
  private static final long APART = 3_600_000;
  private static final AppKey[] APPS = {
    new AppKey("com.example.phone", AppKey.APPLE), new AppKey("com.example.phone", AppKey.FIREBASE)
  };

  private final Path folder;
  private final int files;
  private final int perFile;

  private TrailFigures(Path folder, int files, int perFile) {
    this.folder = folder;
    this.files = files;
    this.perFile = perFile;
  }

  public static void main(String[] args) throws Exception {
    TrailFigures figures =
        new TrailFigures(Path.of(args[0]), Integer.parseInt(args[1]), Integer.parseInt(args[2]));
    figures.make();
    figures.search();
  }

  private void make() throws Exception {
    TrailFiles there = new TrailFiles(folder);
    if (there.list().size() >= files) {
      return;
    }
    long writing = 0;
    long finishing = 0;
    for (int i = 0; i < files; i++) {
      long begun = System.nanoTime();
      Path path = there.next(BORN + i * APART);
      try (WrittenTrail file = WrittenTrail.create(path)) {
        for (int k = 0; k < perFile; k++) {
          file.add(entry(i * (long) perFile + k, BORN + i * APART + k));
          if (k % 1000 == 999) {
            file.commit();
          }
        }
        file.commit();
      }
      long written = System.nanoTime();
      if (i < files - 1) {
        TrailFile.finish(path);
      }
      writing += written - begun;
      finishing += System.nanoTime() - written;
    }
    long bytes = there.list().stream().mapToLong(StoredFile::bytes).sum();
    double all = (double) files * perFile;
    say(
        "written: %.1f us a record, closed: %.1f us, %.0f bytes",
        writing / all / 1e3, finishing / all / 1e3, bytes / all);
  }

  private static void say(String form, Object... values) {
    System.out.printf(Locale.ROOT, form + "%n", values);
  }

  /** Its number says all of it. */
  private static TrailEntry entry(long number, long at) {
    Random random = new Random(number);
    AppKey app = APPS[random.nextInt(2)];
    boolean bad = random.nextInt(50) == 0;
    String topic = app.appId() + ".voip";
    return new TrailEntry(
        new UUID(random.nextLong(), number),
        at,
        at + 60,
        bad ? TrailEnd.DEAD_TOKEN : TrailEnd.DELIVERED,
        app,
        "incoming_session",
        callId(number),
        "sip:caller" + random.nextInt(1_000_000) + "@example.com",
        account(number),
        device(number),
        "0011aabb...",
        TokenHash.of(device(number)),
        "192.0.2.7 key=pbx",
        bad ? 410 : 200,
        bad ? "Unregistered" : "",
        1,
        List.of(
            TrailStep.of(TrailStep.What.ACCEPTED, at, ""),
            new TrailStep(TrailStep.What.ATTEMPT, at + 1, 1, 200, "", 58, topic, 3),
            TrailStep.of(TrailStep.What.ENDED, at + 60, ""),
            new TrailStep(TrailStep.What.TOLD, at + 60, 0, 200, "the caller", -1, "", 0)),
        "");
  }

  private static String callId(long number) {
    return new UUID(new Random(number ^ 0x5DEECE).nextLong(), number) + "@pbx.example.com";
  }

  /** Of a million phones. */
  private static String account(long number) {
    return "user" + new Random(number * 31).nextInt(1_000_000) + "@example.com";
  }

  private static String device(long number) {
    return new UUID(7, account(number).hashCode()).toString();
  }

  private void search() {
    TrailQuery all = TrailQuery.all(TrailScope.ALL, 100);
    long most = (long) files * perFile;
    Random random = new Random(1);
    measure("call-id", i -> all.ofCall(callId((long) (random.nextDouble() * most))));
    measure("call-id that is not there", i -> all.ofCall(callId(most + i)));
    measure("account", i -> query(account((long) (random.nextDouble() * most)), "", 0));
    measure("device", i -> query("", device((long) (random.nextDouble() * most)), 0));
    measure("token", i -> query("", "", TokenHash.of(device((long) (random.nextDouble() * most)))));
    measure("the newest of all", i -> all);
    measure("application, the newest", i -> all.of(APPS[0], Long.MAX_VALUE));
    measure(
        "application at a time",
        i -> all.of(APPS[0], BORN + (long) (random.nextDouble() * files * APART)));
  }

  private static TrailQuery query(String account, String device, long token) {
    return new TrailQuery(
        TrailScope.ALL,
        null,
        "",
        account,
        device,
        token,
        "",
        "",
        Set.of(),
        "",
        0,
        Long.MAX_VALUE,
        "",
        100);
  }

  private void measure(String what, IntFunction<TrailQuery> queries) {
    FileSearch search = new FileSearch(new TrailFiles(folder), System::nanoTime);
    List<Double> took = new ArrayList<>();
    long found = 0;
    for (int i = 0; i < ROUNDS; i++) {
      long begun = System.nanoTime();
      TrailPage page = search.search(queries.apply(i), List.of());
      took.add((System.nanoTime() - begun) / 1e6);
      found += page.entries().size();
    }
    double first = took.get(0);
    double[] sorted = took.stream().mapToDouble(d -> d).sorted().toArray();
    say(
        "%-28s first %7.1f, median %7.1f, p95 %7.1f, worst %7.1f ms; %.1f found",
        what,
        first,
        sorted[ROUNDS / 2],
        sorted[ROUNDS * 95 / 100],
        sorted[ROUNDS - 1],
        found / (double) ROUNDS);
    int unused = Arrays.hashCode(sorted);
  }
}
