// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;

/**
 * A process that sends by itself, for each number of seconds that it is told, and says the pushes
 * taken, the others, and the nanoseconds: {@link PushySender} and {@link BusSender}.
 */
final class TalkingProgram extends Program {
  private final PrintWriter in;
  private final BufferedReader out;

  /**
   * @param name in the results
   */
  TalkingProgram(String name, Child child, Sink sink) {
    super(name, child, sink);
    this.in =
        new PrintWriter(
            new OutputStreamWriter(child.process().getOutputStream(), StandardCharsets.UTF_8),
            true);
    this.out =
        new BufferedReader(
            new InputStreamReader(child.process().getInputStream(), StandardCharsets.UTF_8));
  }

  @Override
  Load load(int seconds) throws IOException {
    in.println(seconds);
    String line = out.readLine();
    if (line == null) {
      throw new BenchException(name() + " ended:\n" + child().lastWords());
    }
    String[] said = line.split(" ", -1);
    if (!said[1].equals("0")) {
      throw new BenchException(name() + " failed to deliver " + said[1] + " pushes");
    }
    return new Load(Long.parseLong(said[0]), Long.parseLong(said[2]));
  }
}
