// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.observe;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;

/**
 * What the JVM says about itself, from the first time on that somebody wants to see it: a start
 * waits for none of the classes behind it, and a server whose metrics nobody reads has none of
 * them. Any thread.
 */
final class JvmMeters {
  private final MeterRegistry registry;
  private JvmGcMetrics collections;
  private boolean closed;

  /**
   * @param registry that is to show it
   */
  JvmMeters(MeterRegistry registry) {
    this.registry = registry;
  }

  /** Begins to measure, unless it does already. Takes a moment: not for an event loop. */
  synchronized void show() {
    if (collections != null || closed) {
      return;
    }
    collections = new JvmGcMetrics();
    collections.bindTo(registry);
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ClassLoaderMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new FileDescriptorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
  }

  /** Measures no more. */
  synchronized void close() {
    closed = true;
    if (collections != null) {
      collections.close();
    }
  }
}
