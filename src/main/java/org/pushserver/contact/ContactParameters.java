// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.contact;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The parameters of one contact that have to do with pushes: those of its URI, and those behind it,
 * which count where the URI has none. Confined to the thread that reads it.
 */
final class ContactParameters {
  private static final Set<String> KNOWN =
      Set.of(
          "pn-provider",
          "pn-param",
          "pn-prid",
          "pn-purr",
          "pn-type",
          "pn-tok",
          "pn-device",
          "pn-silent",
          "app-id",
          "+sip.instance",
          "device-os",
          "device-uid",
          "allow-call-push",
          "allow-message-push");

  private static final Set<String> TOKENS = Set.of("pn-prid", "pn-tok", "device-uid");

  /** In UTF-16 units, as of the fields of a request that say the same. */
  private static final int LONGEST_TOKEN = 4096;

  private static final int LONGEST = 255;

  private static final int HEX = 16;

  private final Map<String, String> raw = new HashMap<>();

  /**
   * Takes one parameter; of two with one name the first counts.
   *
   * @param text {@code name=value} or {@code name}, as received; a value in quotes without them
   */
  void add(String text) {
    int equals = text.indexOf('=');
    String name = equals < 0 ? text : text.substring(0, equals);
    String known = name.strip().toLowerCase(Locale.ROOT);
    if (KNOWN.contains(known)) {
      raw.putIfAbsent(known, equals < 0 ? "" : text.substring(equals + 1).strip());
    }
  }

  /**
   * A value, percent-decoded; empty when it is absent or has none.
   *
   * @throws NoContactException when it cannot be decoded, is too long, or has characters that no
   *     value has
   */
  String get(String name) {
    String value = raw.getOrDefault(name, "");
    String text = value.indexOf('%') < 0 ? value : decoded(name, value);
    if (text.chars().anyMatch(Character::isISOControl)) {
      throw new NoContactException("the value of " + name + " has control characters");
    }
    int limit = TOKENS.contains(name) ? LONGEST_TOKEN : LONGEST;
    if (text.length() > limit) {
      throw new NoContactException(
          "the value of %s has %s characters; at most %s are allowed"
              .formatted(name, text.length(), limit));
    }
    return text;
  }

  private static String decoded(String name, String value) {
    byte[] text = value.getBytes(StandardCharsets.UTF_8);
    ByteBuffer octets = ByteBuffer.allocate(text.length);
    for (int at = 0; at < text.length; at++) {
      if (text[at] == '%') {
        int high = at + 2 < text.length ? Character.digit(text[at + 1], HEX) : -1;
        int low = at + 2 < text.length ? Character.digit(text[at + 2], HEX) : -1;
        if (high < 0 || low < 0) {
          throw new NoContactException(
              "the value of " + name + " has a % without two hex digits behind it");
        }
        octets.put((byte) (high * HEX + low));
        at += 2;
      } else {
        octets.put(text[at]);
      }
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(octets.flip()).toString();
    } catch (CharacterCodingException e) {
      throw new NoContactException("the value of " + name + " is not UTF-8");
    }
  }
}
