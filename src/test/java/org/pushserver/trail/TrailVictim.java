// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.trail;

import static org.pushserver.fake.Await.await;

import java.nio.file.Path;
import org.pushserver.fake.ManualTime;
import org.pushserver.push.Event;
import org.pushserver.push.Outcome;
import org.pushserver.push.Outcome.Result;
import org.pushserver.push.Push;
import org.pushserver.push.Response;
import org.pushserver.spi.SamplePush;

/**
 * A process that writes to a trail until it is killed, and says after each push that it is there.
 */
final class TrailVictim {
  private TrailVictim() {}

  public static void main(String[] arguments) {
    Path folder = Path.of(arguments[0]);
    TrailLimits limits = new TrailLimits(folder, 30, 1L << 30, 1);
    ManualTime time = new ManualTime(SamplePush.BORN);
    TrailCounts counts = new TrailCounts();
    TrailQueue queue = new TrailQueue(1 << 20, counts);
    TrailFiles files = new TrailFiles(folder);
    TrailUpkeep upkeep = new TrailUpkeep(files, limits, time);
    TrailWriter writer = new TrailWriter(limits, queue, files, upkeep, counts, time, entry -> {});
    writer.start();
    Response taken = new Response(200, "", "", "{}");
    for (int i = 0; ; i++) {
      Push push = SamplePush.of(Event.INCOMING_SESSION).callId("call-" + i).push();
      queue.offer(
          new TrailDraft(push, true).end(new Outcome(Result.DELIVERED, taken, 1), time.now()));
      await(writer.flush());
      if (writer.problem().isEmpty()) {
        System.out.println("written " + i);
      } else {
        System.out.println("trouble " + writer.problem());
      }
    }
  }
}
