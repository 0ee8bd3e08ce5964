// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.reload;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.pushserver.fake.ConnectedService;
import org.pushserver.spi.AppConfig;
import org.pushserver.spi.Problem;
import org.pushserver.spi.PushService;
import org.pushserver.spi.PushServiceProvider;
import org.pushserver.spi.Time;

/** A push service that sends nothing, and counts what is done to it. One test at a time. */
public final class CountedProvider implements PushServiceProvider {
  static final String PLATFORM = "counted";

  static final AtomicInteger MADE = new AtomicInteger();
  static final AtomicInteger OPENED = new AtomicInteger();
  static final AtomicInteger CLOSED = new AtomicInteger();

  static void forget() {
    MADE.set(0);
    OPENED.set(0);
    CLOSED.set(0);
  }

  /** How many were made, opened and closed since. */
  static List<Integer> counts() {
    return List.of(MADE.get(), OPENED.get(), CLOSED.get());
  }

  @Override
  public String platform() {
    return PLATFORM;
  }

  @Override
  public List<String> payloads() {
    return List.of("apple");
  }

  @Override
  public PushService create(AppConfig config, Consumer<Problem> warnings) {
    MADE.getAndIncrement();
    return new Counted();
  }

  private static final class Counted extends ConnectedService {
    @Override
    public Future<Void> open(Vertx vertx, Time time, Runnable changed) {
      OPENED.getAndIncrement();
      return super.open(vertx, time, changed);
    }

    @Override
    public Future<Void> close() {
      CLOSED.getAndIncrement();
      return super.close();
    }
  }
}
