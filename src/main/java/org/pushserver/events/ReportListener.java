// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.events;

/**
 * Told what became of what the owner of an application was to be told over HTTP. Called on the
 * event loop of the application: it does not wait, and throws nothing.
 */
@FunctionalInterface
public interface ReportListener {
  /** Whom nobody tells. */
  ReportListener NONE = report -> {};

  /** One try to tell him has come to an end, or will never be made. */
  void reported(ReportEnd report);
}
