// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver;

import java.io.PrintWriter;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Model.CommandSpec;

/** Says on a terminal, once a second and on one line, how far a long work is; elsewhere nothing. */
final class TokenProgress {
  private static final long EVERY = TimeUnit.SECONDS.toNanos(1);

  private final PrintWriter err;
  private final boolean shown;
  private final String what;
  private long last = System.nanoTime();
  private boolean begun;

  TokenProgress(CommandSpec spec, String what) {
    this.err = spec.commandLine().getErr();
    // A terminal that wants to be steered is one that somebody looks at.
    this.shown = spec.commandLine().getColorScheme().ansi().enabled();
    this.what = what;
  }

  /** Says it, when it is time to. */
  void show(long number) {
    long now = System.nanoTime();
    if (shown && now - last >= EVERY) {
      last = now;
      begun = true;
      err.print("\r" + number + " " + what);
      err.flush();
    }
  }

  /** Clears the line. */
  void end() {
    if (begun) {
      err.print("\r" + " ".repeat(TerminalText.USUAL_WIDTH - 1) + "\r");
      err.flush();
    }
  }
}
