// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.sylk;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.UUID;

/**
 * The {@code session-id} of a call: the MD5 of its call-id, in the shape of a UUID. MD5 because
 * existing apps get this value and no other, and ring and cancel of one call must agree; nothing is
 * protected by it.
 */
final class SessionId {
  private static final ThreadLocal<MessageDigest> MD5 = ThreadLocal.withInitial(SessionId::md5);

  private SessionId() {}

  static String of(String callId) {
    ByteBuffer digest = ByteBuffer.wrap(MD5.get().digest(callId.getBytes(UTF_8)));
    return new UUID(digest.getLong(), digest.getLong()).toString();
  }

  private static MessageDigest md5() {
    try {
      return MessageDigest.getInstance("MD5");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has MD5", e);
    }
  }
}
