// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.pushserver.cli.ShellCommand;
import org.pushserver.spi.ConfigException;
import org.pushserver.spi.Problem;
import org.pushserver.spi.Problem.Severity;

/**
 * The end of a server in another process, from which this one takes over: both listen on the same
 * port, then the other is asked to end. Main thread.
 */
final class TakeOver {
  private static final String OPTION = "--take-over-from";

  /** By which older servers are told; the newer signal would kill one. */
  private static final String OLDER_SIGNAL = "USR2";

  /** {@link Signals#HAND_OVER}, as {@code /proc} has sets of signals: a bit for each. */
  private static final long HAND_OVER = 1L << (10 - 1);

  private static final Pattern HANDLED =
      Pattern.compile("^SigCgt:\\s*(\\p{XDigit}{1,16})$", Pattern.MULTILINE);

  private final ProcessHandle other;

  private TakeOver(ProcessHandle other) {
    this.other = other;
  }

  /**
   * From a process that runs.
   *
   * @throws ConfigException when there is no such server: a signal may end anything else
   */
  static TakeOver from(long pid) throws ConfigException {
    Optional<ProcessHandle> other = ProcessHandle.of(pid).filter(ProcessHandle::isAlive);
    if (other.isEmpty() || pid == ProcessHandle.current().pid()) {
      throw wrong("there is no process %d; give the number of the server that runs", pid);
    }
    if (!commandLine(other.get()).toLowerCase(Locale.ROOT).contains("pushserver")) {
      throw wrong(
          "process %d is no server of this user's; give the number of the server that runs", pid);
    }
    return new TakeOver(other.get());
  }

  private static String commandLine(ProcessHandle process) {
    try {
      // Whole, where the JDK cuts it off.
      return Files.readString(of(process, "cmdline"));
    } catch (IOException e) {
      return process.info().commandLine().orElse("");
    }
  }

  private static Path of(ProcessHandle process, String file) {
    return Path.of("/proc", Long.toString(process.pid()), file);
  }

  private static String signal(ProcessHandle process) {
    try {
      return signal(Files.readString(of(process, "status")));
    } catch (IOException e) {
      return Signals.HAND_OVER;
    }
  }

  /**
   * By which signal a server wants to be told.
   *
   * @param status what the system says of its process, which signals it handles among it
   */
  static String signal(String status) {
    Matcher handled = HANDLED.matcher(status);
    return handled.find() && (Long.parseUnsignedLong(handled.group(1), 16) & HAND_OVER) == 0
        ? OLDER_SIGNAL
        : Signals.HAND_OVER;
  }

  private static ConfigException wrong(String words, long pid) {
    return new ConfigException(
        new Problem(
            Severity.FATAL, "command line", "", OPTION, String.format(Locale.ROOT, words, pid)));
  }

  /** Asks it to end, now that requests are served here. It goes on with what it has accepted. */
  void complete() {
    // The shell's own kill: a bare system has no other, and Java sends SIGTERM alone.
    String kill = "kill -s " + signal(other) + " " + other.pid();
    try {
      Process unused = ShellCommand.of(kill).start();
      Logging.say("taking over from process " + other.pid() + ", which ends what it has accepted");
    } catch (IOException e) {
      Logging.report("process " + other.pid() + " could not be told to end; run: " + kill);
    }
  }
}
