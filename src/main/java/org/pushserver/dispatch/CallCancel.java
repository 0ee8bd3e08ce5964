// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.dispatch;

import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import org.pushserver.push.AppKey;
import org.pushserver.push.Device;

/**
 * The end of a call for all devices that were rung for it, but some. Immutable.
 *
 * @param callId not empty
 * @param exceptRefs the devices that are to go on, by what their sender calls them, or by their
 *     token
 * @param exceptIds the same by their device-id, in lower case
 * @param allowed whose devices are meant: the applications that whoever cancels may use
 * @param onlyId the device-id of the one device that is meant, in lower case; null for all
 */
public record CallCancel(
    String callId,
    Set<String> exceptRefs,
    Set<String> exceptIds,
    Predicate<AppKey> allowed,
    String onlyId) {

  /** What a text without characters takes in a set, in bytes. */
  private static final int EMPTY = 80;

  public CallCancel {
    exceptRefs = Set.copyOf(exceptRefs);
    exceptIds = Set.copyOf(exceptIds);
  }

  /** One for all devices. */
  public CallCancel(
      String callId, Set<String> exceptRefs, Set<String> exceptIds, Predicate<AppKey> allowed) {
    this(callId, exceptRefs, exceptIds, allowed, null);
  }

  /** About how many characters it keeps. */
  int length() {
    return callId.length() + length(exceptRefs) + length(exceptIds);
  }

  private static int length(Set<String> texts) {
    int length = 0;
    for (String text : texts) {
      length += EMPTY + text.length();
    }
    return length;
  }

  /** Whether it is for a device. */
  public boolean concerns(AppKey app, Device device) {
    String id = device.id() == null ? null : device.id().toLowerCase(Locale.ROOT);
    return allowed.test(app)
        && (onlyId == null || onlyId.equals(id))
        && (device.ref() == null || !exceptRefs.contains(device.ref()))
        && !exceptRefs.contains(device.registration())
        && !exceptRefs.contains(device.token())
        && (id == null || !exceptIds.contains(id));
  }
}
