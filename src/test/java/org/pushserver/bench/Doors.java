// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.pushserver.bench.ServerSetup.Section;

/**
 * What a push costs by the way in which it is asked for: JSON, a form, and the contacts of a callee
 * with three phones. A server for each, so that none is warmed up by another's requests.
 */
final class Doors implements Scenario {
  static final String NAME = "doors";

  /** One push for a request, in JSON. */
  static final String JSON = "JSON";

  /** The same as a form, and so answered. */
  static final String FORM = "form";

  /** A request for all phones of a callee; a push is the request here. */
  static final String CONTACTS = "three contacts, the request";

  private static final String APP_ID = "com.example.phone";

  @Override
  public void play(Run run) throws Exception {
    List<BenchIngress> doors = new ArrayList<>();
    doors.add(door(run, JSON, new Posts("apple", APP_ID, 1)));
    doors.add(door(run, FORM, Posts.form(APP_ID)));
    doors.add(door(run, CONTACTS, Posts.contacts(APP_ID)));
    Turns.saturate(run, NAME, doors, run.plan().warmUp(), run.plan().rounds());
  }

  private static BenchIngress door(Run run, String name, Posts posts)
      throws IOException, InterruptedException {
    Stage stage = run.stage();
    ServerSetup setup =
        ServerSetup.waiting(name, Section.of(APP_ID + "0", "apple", stage.sink().port()));
    Running server = stage.start(run.builds().get(0), setup);
    return stage.door(name, server, posts);
  }
}
