// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.client;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.pushserver.cli.Mistakes;

/** The client in Java, in this JVM. */
class PushCommandIT extends ClientContract {
  @Override
  Ended run(List<String> arguments) {
    return inThisJvm(arguments);
  }

  static Ended inThisJvm(List<String> arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code =
        Mistakes.commandLine(new PushCommand())
            .setCommandName("pushclient")
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true))
            .execute(arguments.toArray(String[]::new));
    return new Ended(code, out.toString(), err.toString());
  }
}
