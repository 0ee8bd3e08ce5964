// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.cluster;

import io.vertx.core.Future;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.pushserver.spi.Time;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether this process has stood still for so long, stopped or on a machine that was paused, that
 * others may have taken over what waits here. They do so after {@link MemberChannel#SILENT_MS}; the
 * process itself notices nothing but that its clock has gone on meanwhile. Until the others have
 * been asked nothing of what waits may be sent.
 *
 * <p>Any thread. {@link #isOpen} is one look at a clock; the tick runs ten times a second.
 */
public final class ClockGap {
  private static final long TICK_MS = 100;

  /** Less than after which others take over: they may have seen the last sign of life earlier. */
  static final long LONGEST_MS = MemberChannel.SILENT_MS / 2;

  /** After which all is read that came while nobody read. */
  private static final long UNREAD_NS = TimeUnit.SECONDS.toNanos(1);

  private static final Logger LOG = LoggerFactory.getLogger(ClockGap.class);

  /**
   * @param from the last sign of life before it, by {@link Time#nanos}
   * @param until when it was noticed
   */
  private record Gap(long from, long until) {}

  private final Time time;
  private final Supplier<Future<Void>> asking;
  private final Runnable opened;
  private final AtomicLong last;
  private volatile boolean open;
  private volatile Gap newest;
  private int gaps;
  private volatile boolean closed;

  /**
   * @param asking finds out, after a gap, what has become of what waits here, and takes out what
   *     others have; completes when the rest may be sent, and is asked again when it fails
   * @param opened told when something may be sent again
   */
  public ClockGap(Time time, Supplier<Future<Void>> asking, Runnable opened) {
    this.time = time;
    this.asking = asking;
    this.opened = opened;
    this.last = new AtomicLong(time.nanos());
    this.open = true;
    time.timer(TICK_MS, this::tick);
  }

  /**
   * Whether this process is known to go on as others think it does; to be asked before each send.
   */
  public boolean isOpen() {
    return open && !isLate(time.nanos());
  }

  /**
   * How long ago something may have been sent that is read just now, in milliseconds: what comes
   * while a process stands still lies unread. 0 unless this one did so a moment ago.
   */
  long unreadMs() {
    long now = time.nanos();
    long from = last.get();
    if (!isLate(now)) {
      Gap gap = newest;
      if (gap == null || now - gap.until > UNREAD_NS) {
        return 0;
      }
      from = gap.from;
    }
    return TimeUnit.NANOSECONDS.toMillis(now - from);
  }

  /** For how many milliseconds this process has gone on since it stood still; empty if never. */
  OptionalLong sinceMs() {
    Gap gap = newest;
    return gap == null
        ? OptionalLong.empty()
        : OptionalLong.of(TimeUnit.NANOSECONDS.toMillis(time.nanos() - gap.until));
  }

  private boolean isLate(long now) {
    return now - last.get() > TimeUnit.MILLISECONDS.toNanos(LONGEST_MS);
  }

  private void tick() {
    if (closed) {
      return;
    }
    long now = time.nanos();
    long gap = now - last.get();
    if (!isLate(now)) {
      last.set(now);
    } else {
      // Closed before the clock is right again: whoever sends sees one of both. And both before
      // the others are asked: what their answer lets go looks at the clock, too.
      boolean wasOpen = close(now);
      LOG.warn(
          "this server stood still for {} s; the other members are asked before anything is sent",
          TimeUnit.NANOSECONDS.toMillis(gap) / 1000.0);
      if (wasOpen) {
        ask();
      }
    }
    time.timer(TICK_MS, this::tick);
  }

  /** Whether it was open before. Nobody opens it meanwhile with an answer from before this gap. */
  private synchronized boolean close(long now) {
    boolean wasOpen = open;
    open = false;
    gaps++;
    newest = new Gap(last.get(), now);
    last.set(now);
    return wasOpen;
  }

  private synchronized boolean open(int asked) {
    open = asked == gaps;
    return open;
  }

  private synchronized int gaps() {
    return gaps;
  }

  /** Again when there was another gap meanwhile: what was answered may not be so any more. */
  private void ask() {
    int asked = gaps();
    asking
        .get()
        .onComplete(
            answered -> {
              if (answered.succeeded() && open(asked)) {
                opened.run();
              } else if (!closed) {
                time.timer(TICK_MS, this::ask);
              }
            });
  }

  /** Ends. */
  public void close() {
    closed = true;
  }
}
