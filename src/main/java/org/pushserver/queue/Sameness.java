// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.queue;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.pushserver.push.AppKey;
import org.pushserver.push.Device;
import org.pushserver.push.Push;

/**
 * The comparison of pushes with the same call-id: whether two are for one phone, and whether one
 * says again what the other says. It compares only: what is sent stays as it came. Stateless.
 */
class Sameness {
  /** No token begins with it, so that a device-id is never taken for one. */
  private static final char ID = ' ';

  /**
   * What a push knows its phone by: each of its tokens, and the device-id. Two pushes that have one
   * of these in common are for one phone, however each of them spells it.
   *
   * @return never empty; the caller's own
   */
  static List<String> names(Push push) {
    Device device = push.device();
    List<String> names = new ArrayList<>(3);
    names.add(token(push, device.token()));
    if (!device.registration().equals(device.token())) {
      addPair(names, push, device.registration());
    }
    if (device.id() != null) {
      names.add(ID + device.id().toLowerCase(Locale.ROOT));
    }
    return names;
  }

  private static void addPair(List<String> names, Push push, String pair) {
    int dash = pair.indexOf('-');
    if (dash > 0) {
      names.add(token(push, pair.substring(0, dash)));
    }
    names.add(token(push, pair.substring(dash + 1)));
  }

  /** Apple's tokens are hex digits, in which case means nothing; in all others it does. */
  private static String token(Push push, String token) {
    return push.app().platform().equals(AppKey.APPLE) ? token.toLowerCase(Locale.ROOT) : token;
  }

  /** The token that a push is sent to, as tokens compare. */
  static String token(Push push) {
    return token(push, push.device().token());
  }

  /** Whether two sets of names are of one phone. */
  boolean meet(Collection<String> one, Collection<String> other) {
    boolean isShorter = one.size() <= other.size();
    Collection<String> asked = isShorter ? other : one;
    for (String name : isShorter ? one : other) {
      if (asked.contains(name)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Whether a push says to the same token what another with the same call-id says. Text messages
   * may share a call-id, and are the same only when they have the same content.
   */
  boolean repeats(Push push, Push other) {
    return other.event().equals(push.event())
        && token(other).equals(token(push))
        && (push.event().kind().isCall() || other.details().equals(push.details()));
  }
}
