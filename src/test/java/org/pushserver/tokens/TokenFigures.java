// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.tokens;

import io.vertx.core.Future;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.function.IntFunction;
import org.pushserver.fake.ManyDevices;
import org.pushserver.push.AppKey;

/**
 * What a file of any number of devices takes: makes one in bulk, unless it is there already, and
 * measures the store with it.
 */
final class TokenFigures {
  private static final int IN_FLIGHT = 4000;

  private final Path file;
  private final int devices;
  private final Random random = new Random(1);

  private TokenFigures(Path file, int devices) {
    this.file = file;
    this.devices = devices;
  }

  public static void main(String[] args) throws Exception {
    TokenFigures figures = new TokenFigures(Path.of(args[0]), Integer.parseInt(args[1]));
    figures.make();
    figures.measure();
  }

  private static void say(String form, Object... values) {
    System.out.printf(Locale.ROOT, form + "%n", values);
  }

  private void make() throws Exception {
    if (Files.exists(file)) {
      return;
    }
    long begun = System.nanoTime();
    TokenSchema.make(file);
    try (Connection raw = TokenSchema.write(file, 1000)) {
      for (String what :
          new String[] {
            "PRAGMA synchronous = OFF",
            "PRAGMA cache_size = -200000",
            "DROP TRIGGER device_added",
            "DROP INDEX device_account",
            "DROP INDEX device_token",
            "DROP INDEX device_background",
            "INSERT INTO app VALUES (1, 'com.example.phone', 'apple', 0)",
            "INSERT INTO app VALUES (2, 'com.example.phone', 'firebase', 0)"
          }) {
        TokenSchema.execute(raw, what);
      }
      fill(raw);
      say("filled: %.0f s", (System.nanoTime() - begun) / 1e9);
      for (String what :
          new String[] {
            "CREATE INDEX device_account ON device (account)",
            "CREATE INDEX device_token ON device (token_hash)",
            "CREATE INDEX device_background ON device (background_hash)"
                + " WHERE background_hash IS NOT NULL",
            "UPDATE app SET devices = (SELECT count(*) FROM device WHERE app = app.no)",
            "UPDATE total SET accounts = (SELECT count(DISTINCT account) FROM device)",
            TokenSchema.DEVICE_ADDED,
            "PRAGMA wal_checkpoint(TRUNCATE)"
          }) {
        TokenSchema.execute(raw, what);
      }
    }
    long bytes = Files.size(file);
    say(
        "made in bulk: %.0f s; %.2f GB, %.0f bytes a device",
        (System.nanoTime() - begun) / 1e9, bytes / 1e9, (double) bytes / devices);
  }

  private void fill(Connection raw) throws SQLException {
    TokenSchema.execute(raw, "BEGIN");
    try (PreparedStatement insert =
        raw.prepareStatement(
            "INSERT INTO device (account, app, device_id, token, background, silent, user_agent,"
                + " stored_at, seen_at, token_hash, background_hash)"
                + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")) {
      for (int i = 0; i < devices; i++) {
        StoredToken one = ManyDevices.device(i);
        TokenDatabase.bind(insert, one, one.app().platform().equals(AppKey.APPLE) ? 1 : 2);
        int unused = insert.executeUpdate();
        if (i % 200_000 == 199_999) {
          TokenSchema.execute(raw, "COMMIT");
          TokenSchema.execute(raw, "BEGIN");
        }
      }
    }
    TokenSchema.execute(raw, "COMMIT");
  }

  private void measure() throws Exception {
    say("resident before: %d MB", resident());
    StoredTokens store = new StoredTokens(file, 100_000);
    long begun = System.nanoTime();
    TokenCount count = store.count().toCompletionStage().toCompletableFuture().get();
    say("opened and counted in %.0f ms: %s", (System.nanoTime() - begun) / 1e6, count);
    say("resident, opened: %d MB, of Java's %.1f MB in use", resident(), inUse());
    times("lookup, anywhere, first", 20_000, i -> store.devices(ManyDevices.account(any())));
    times("lookup, anywhere, again", 100_000, i -> store.devices(ManyDevices.account(any())));
    times("lookup, in memory", 200_000, i -> store.devices(ManyDevices.account(i % 1000)));
    times("lookup, in memory, again", 1_000_000, i -> store.devices(ManyDevices.account(i % 1000)));
    say("resident, memory full: %d MB, of Java's %.1f MB in use", resident(), inUse());
    times("renewal, one at a time", 2_000, i -> store.add(renewed(any())));
    times("new device, one at a time", 2_000, i -> store.add(ManyDevices.device(devices + i)));
    times("dead token", 2_000, i -> store.dead(dead(any())));
    many(
        "new devices, many at a time",
        200_000,
        i -> store.add(ManyDevices.device(devices + 10_000L + i)));
    many("the same again", 200_000, i -> store.add(ManyDevices.device(devices + 10_000L + i)));
    say("resident at the end: %d MB", resident());
    var unused = store.close().toCompletionStage().toCompletableFuture().get();
  }

  private long any() {
    return random.nextInt(devices);
  }

  private static StoredToken renewed(long number) {
    StoredToken one = ManyDevices.device(number);
    return new StoredToken(
        one.account(),
        one.app(),
        one.deviceId(),
        one.token(),
        one.background(),
        one.silent(),
        one.userAgent(),
        ManyDevices.BORN + 1,
        ManyDevices.BORN + 1);
  }

  private static DeadDevice dead(long number) {
    StoredToken one = ManyDevices.device(number);
    return new DeadDevice(one.app(), one.token(), one.account(), one.deviceId(), Long.MAX_VALUE);
  }

  private static void times(String what, int rounds, IntFunction<Future<?>> question)
      throws Exception {
    long[] took = new long[rounds];
    for (int i = 0; i < rounds; i++) {
      CompletableFuture<Void> done = new CompletableFuture<>();
      long begun = System.nanoTime();
      var unused =
          question
              .apply(i)
              .onComplete(
                  answer -> {
                    if (answer.succeeded()) {
                      done.complete(null);
                    } else {
                      done.completeExceptionally(answer.cause());
                    }
                  });
      if (!done.isDone()) {
        Void unusedToo = done.get();
      }
      took[i] = System.nanoTime() - begun;
    }
    Arrays.sort(took);
    say(
        "%-28s p50 %9.1f, p99 %9.1f, p99.9 %9.1f us",
        what,
        took[rounds / 2] / 1e3,
        took[rounds / 100 * 99] / 1e3,
        took[rounds / 1000 * 999] / 1e3);
  }

  private static void many(String what, int rounds, IntFunction<Future<?>> question)
      throws Exception {
    Semaphore room = new Semaphore(IN_FLIGHT);
    long begun = System.nanoTime();
    for (int i = 0; i < rounds; i++) {
      room.acquire();
      var unused = question.apply(i).onComplete(done -> room.release());
    }
    room.acquire(IN_FLIGHT);
    say("%-28s %.0f a second", what, rounds / ((System.nanoTime() - begun) / 1e9));
  }

  /** After {@link #resident}, which collects what nobody has any more. */
  private static double inUse() {
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() / 1e6;
  }

  private static long resident() throws Exception {
    System.gc();
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("VmRSS:")) {
        return Long.parseLong(line.replaceAll("[^0-9]", "")) / 1024;
      }
    }
    return -1;
  }
}
