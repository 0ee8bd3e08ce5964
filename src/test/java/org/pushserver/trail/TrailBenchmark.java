// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.trail;

import io.vertx.core.buffer.Buffer;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.pushserver.events.Attempt;
import org.pushserver.fake.ManualTime;
import org.pushserver.push.Answer;
import org.pushserver.push.AppKey;
import org.pushserver.push.Details;
import org.pushserver.push.Device;
import org.pushserver.push.Event;
import org.pushserver.push.Outcome;
import org.pushserver.push.Outcome.Result;
import org.pushserver.push.Push;
import org.pushserver.push.Response;
import org.pushserver.spi.Payload;

/**
 * What a record costs: processor time on the event loop and on the writer's thread, bytes in a
 * file. Run by hand: the folder for the file, and how many records.
 */
final class TrailBenchmark {
  private static final Response TAKEN =
      new Response(200, "", "https://api.push.apple.com", "{}", 3);
  private static final String[] APPS = {"com.example.phone", "com.example.tablet", "org.sip.app"};

  private final Random random = new Random(42);
  private final ManualTime time = new ManualTime(TrailEntries.BORN);

  private TrailBenchmark() {}

  public static void main(String[] arguments) throws Exception {
    Path folder = Files.createTempDirectory(Path.of(arguments[0]), "trail");
    int records = Integer.parseInt(arguments[1]);
    for (int round = 0; round < 4; round++) {
      new TrailBenchmark().run(folder, records);
    }
  }

  private static long cpu() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  private void run(Path folder, int records) throws Exception {
    TrailCounts counts = new TrailCounts();
    TrailQueue queue = new TrailQueue(Long.MAX_VALUE / 2, counts);
    Path path = new TrailFiles(folder).next(System.currentTimeMillis());
    long listening = 0;
    long writing = 0;
    int batch = 200;
    Push[] pushes = new Push[batch];
    Attempt[] attempts = new Attempt[batch];
    try (WrittenTrail file = WrittenTrail.create(path)) {
      for (int done = 0; done < records; done += batch) {
        for (int i = 0; i < batch; i++) {
          pushes[i] = push();
          attempts[i] = attempt(pushes[i]);
        }
        TrailListener listener = new TrailListener(pushes[0].app(), queue, time, gone -> {});
        long before = cpu();
        for (int i = 0; i < batch; i++) {
          listener.accepted(pushes[i], true);
        }
        for (int i = 0; i < batch; i++) {
          listener.attempted(pushes[i], attempts[i]);
          listener.ended(
              pushes[i], new Outcome(Result.DELIVERED, TAKEN, 1), pushes[i].bornAt() + 60);
        }
        long between = cpu();
        Object one = queue.poll();
        while (one != null) {
          file.add(((TrailDraft) one).entry());
          one = queue.poll();
        }
        file.commit();
        listening += between - before;
        writing += cpu() - between;
      }
    }
    long before = cpu();
    TrailFile.finish(path);
    long closing = cpu() - before;
    System.out.printf(
        "%d records: listener %.2f us, writer %.2f us, closing %.2f us each; %.0f bytes each%n",
        records,
        listening / 1000.0 / records,
        writing / 1000.0 / records,
        closing / 1000.0 / records,
        (double) Files.size(path) / records);
    TrailReader reader = TrailReader.open(path, true);
    int[] some = reader.blocksOf(0, Long.MAX_VALUE, Integer.MAX_VALUE, 1000);
    long start = System.nanoTime();
    int found = 0;
    for (int no : some) {
      String callId = reader.block(no).entries().get(0).callId();
      found += reader.blocksWith(TrailKeys.call(callId), Integer.MAX_VALUE, 10).length;
    }
    System.out.printf(
        "found %d of %d in %.0f us each%n",
        found, some.length, (System.nanoTime() - start) / 1000.0 / some.length);
    reader.close();
    Files.delete(path);
  }

  private Push push() {
    long born = time.now() + random.nextInt(100);
    String app = APPS[random.nextInt(APPS.length)];
    StringBuilder token = new StringBuilder();
    for (int i = 0; i < 8; i++) {
      token.append(HexFormat.of().toHexDigits(random.nextInt()));
    }
    String from = "sip:+4930" + (1_000_000 + random.nextInt(8_000_000)) + "@sip.example.com";
    String to = "sip:user" + random.nextInt(100_000) + "@sip.example.com";
    return new Push(
        new UUID(random.nextLong(), random.nextLong()),
        new AppKey(app, AppKey.APPLE),
        new Device(token.toString(), new UUID(0x4000, random.nextInt(200_000)).toString()),
        Event.INCOMING_SESSION,
        Long.toHexString(random.nextLong())
            + "-"
            + Long.toHexString(random.nextLong())
            + "@192.0.2.1",
        new Details(
            from, "Alice", to, "audio", true, null, 1, null, null, null, null, null, Map.of()),
        born,
        born + 64_000,
        null,
        "192.0.2." + random.nextInt(4) + " key=pbx");
  }

  private Attempt attempt(Push push) {
    Payload payload =
        new Payload(Map.of("apns-topic", push.app().appId() + ".voip"), Buffer.buffer("{}"));
    long took = 20L + random.nextInt(80);
    return new Attempt(
        1, payload, new Answer.Delivered(TAKEN), null, push.bornAt() + 1, took * 1_000_000L);
  }
}
