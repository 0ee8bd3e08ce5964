// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.queue;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.pushserver.push.Device;
import org.pushserver.push.Kind;
import org.pushserver.push.Push;
import org.pushserver.spi.TokenForm;

/**
 * The comparison of pushes with the same call-id: whether two are for one phone, and whether one
 * says again what the other says. It compares only: what is sent stays as it came. Immutable.
 */
class Sameness {
  /** No token begins with it, so that a device-id is never taken for one. */
  private static final char ID = ' ';

  private static final Kind[] KINDS = Kind.values();

  private final TokenForm tokens;

  /**
   * @param tokens how the tokens of the application's devices compare
   */
  Sameness(TokenForm tokens) {
    this.tokens = tokens;
  }

  /**
   * What a push knows its phone by: each of its tokens, and the device-id. Two pushes that have one
   * of these in common are for one phone, however each of them spells it.
   *
   * @return never empty; the caller's own
   */
  List<String> names(Push push) {
    Device device = push.device();
    List<String> names = new ArrayList<>(3);
    names.add(token(push));
    if (!device.registration().equals(device.token())) {
      for (Kind kind : KINDS) {
        String token = tokens.compared(tokens.pick(device.registration(), kind));
        // One that rings only has none for a cancel.
        if (!token.isEmpty() && !names.contains(token)) {
          names.add(token);
        }
      }
    }
    if (device.id() != null) {
      names.add(ID + device.id().toLowerCase(Locale.ROOT));
    }
    return names;
  }

  /** The token that a push is sent to, as tokens compare. */
  String token(Push push) {
    return tokens.compared(push.device().token());
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
