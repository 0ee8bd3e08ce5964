// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.route;

import io.netty.buffer.ByteBuf;

/**
 * The status of a proxy's answer to CONNECT, on its way in. Any 2xx makes a tunnel (RFC 9110,
 * section 9.3.6), but Netty takes no other than 200; so any other is changed to that. Event loop
 * only.
 */
final class TunnelAnswer {
  private static final int FIRST_DIGIT = "HTTP/1.1 ".length();
  private static final int LAST_DIGIT = FIRST_DIGIT + 2;

  private int position;
  private boolean success;

  /**
   * Sees to what was read, in the order in which it is read.
   *
   * @return whether the status is over
   */
  boolean read(ByteBuf buffer, int from, int count) {
    for (int i = from; i < from + count && position <= LAST_DIGIT; i++, position++) {
      if (position == FIRST_DIGIT) {
        success = buffer.getByte(i) == '2';
      } else if (position > FIRST_DIGIT && success) {
        buffer.setByte(i, '0');
      }
    }
    return position > LAST_DIGIT;
  }
}
