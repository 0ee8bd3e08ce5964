// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.systemd;

import io.vertx.core.Context;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.pushserver.dispatch.ApplicationSnapshot;
import org.pushserver.dispatch.RunningApplications;
import org.pushserver.spi.Condition.State;
import org.pushserver.spi.Time;

/**
 * systemd, as its page sd_notify(3) says how to talk to it. What it is told is told in its order,
 * on one event loop.
 */
public final class Systemd implements ServiceManager {
  private static final String WATCHDOG_MICROSECONDS = "WATCHDOG_USEC";
  private static final String WATCHDOG_PROCESS = "WATCHDOG_PID";

  /** So long the start waits for applications whose push services cannot be reached. */
  static final Duration SETTLE_LIMIT = Duration.ofSeconds(5);

  private static final long SETTLE_LOOK_MS = 100;

  /** From one look at what {@code systemctl status} shows to the next. */
  static final Duration RENEW = Duration.ofSeconds(10);

  private static final Duration RENEW_WHILE_STOPPING = Duration.ofSeconds(1);

  /** What the end of a process takes besides. */
  private static final Duration LEEWAY = Duration.ofSeconds(5);

  private final NotifySocket socket;
  private final Context home;
  private final Time time;
  private final long watchdogMs;
  private RunningApplications applications;
  private String said = "";
  private long settleUntil;
  private long nextLook;
  private boolean ready;
  private boolean stopping;

  private Systemd(NotifySocket socket, Context home, Time time, long watchdogMs) {
    this.socket = socket;
    this.home = home;
    this.time = time;
    this.watchdogMs = watchdogMs;
  }

  /**
   * As the environment says that it wants to be told, {@link #ADDRESS} included.
   *
   * @param pid this process
   * @param home where all is done
   */
  public static ServiceManager open(
      Map<String, String> environment, long pid, Context home, Time time) {
    return new Systemd(
        NotifySocket.open(environment.get(ADDRESS), time), home, time, watchdog(environment, pid));
  }

  /** How often systemd wants to hear of the event loops, in milliseconds; 0 for never. */
  private static long watchdog(Map<String, String> environment, long pid) {
    String process = environment.getOrDefault(WATCHDOG_PROCESS, "");
    String limit = environment.getOrDefault(WATCHDOG_MICROSECONDS, "");
    boolean ours = process.isEmpty() || process.equals(Long.toString(pid));
    return ours && limit.matches("[0-9]{1,18}")
        ? TimeUnit.MICROSECONDS.toMillis(Long.parseLong(limit))
        : 0;
  }

  @Override
  public void started(RunningApplications running, List<Context> loops) {
    home.runOnContext(
        turn -> {
          applications = running;
          settleUntil = time.millis() + SETTLE_LIMIT.toMillis();
          if (watchdogMs > 0) {
            // Twice as often as it must be, as systemd recommends.
            new Watchdog(
                    home, loops, time, Math.max(1, watchdogMs / 2), () -> socket.send("WATCHDOG=1"))
                .begin();
          }
          look();
        });
  }

  /** Looks at the applications, tells what is new, and looks again. */
  private void look() {
    applications.snapshots().onComplete(done -> home.runOnContext(turn -> seen(done.result())));
  }

  private void seen(List<ApplicationSnapshot> snapshots) {
    String status = StatusText.of(applications, snapshots, stopping);
    if (!ready && !stopping && (time.millis() >= settleUntil || areSettled(snapshots))) {
      ready = true;
      said = status;
      socket.send("READY=1\nSTATUS=" + status);
    } else if (!status.equals(said)) {
      said = status;
      socket.send("STATUS=" + status);
    }
    // Another look may have been under way, because the server was told to stop.
    time.cancel(nextLook);
    nextLook = time.timer(pause(), this::look);
  }

  private long pause() {
    if (stopping) {
      return RENEW_WHILE_STOPPING.toMillis();
    }
    return ready ? RENEW.toMillis() : SETTLE_LOOK_MS;
  }

  private boolean areSettled(List<ApplicationSnapshot> snapshots) {
    return snapshots.size() == applications.statuses().size()
        && snapshots.stream().allMatch(Systemd::isSettled);
  }

  private static boolean isSettled(ApplicationSnapshot application) {
    return application.status().condition().state() != State.CONNECTING
        || application.connections().failed() > 0;
  }

  @Override
  public void reloading(Future<?> reload) {
    home.runOnContext(
        turn -> {
          if (ready && !stopping) {
            // Linux's monotonic clock is the one that the JDK shows.
            long now = TimeUnit.NANOSECONDS.toMicros(System.nanoTime());
            socket.send("RELOADING=1\nMONOTONIC_USEC=" + now);
            reload.onComplete(done -> home.runOnContext(back -> reloaded()));
          }
        });
  }

  private void reloaded() {
    if (!stopping) {
      socket.send("READY=1");
    }
  }

  @Override
  public void stopping(Duration longest) {
    home.runOnContext(
        turn -> {
          stopping = true;
          long bound = TimeUnit.MILLISECONDS.toMicros(longest.plus(LEEWAY).toMillis());
          socket.send("STOPPING=1\nEXTEND_TIMEOUT_USEC=" + bound);
          if (applications != null) {
            look();
          }
        });
  }
}
