// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.api;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The fields of {@code POST /push}: how they are spelled on the wire, and how long each may be, in
 * UTF-16 units. The limits leave every value seen in practice plenty of room (SIP addresses and
 * call-ids stay below 256, Apple's tokens below 200, Firebase's below 400), and keep what one
 * caller can make a log line, a queue entry or a header grow to within sight.
 */
public enum Field {
  APP_ID("app-id", 255),
  PLATFORM("platform", 64),
  TOKEN("token", 4096),
  TOKEN_KIND("token-kind", 16),
  CALL_ID("call-id", 1024),
  FROM("from", 1024),
  FROM_DISPLAY_NAME("from-display-name", 1024),
  TO("to", 1024),
  DEVICE_ID("device-id", 255),
  MEDIA_TYPE("media-type", 255),
  EVENT("event", 64),
  SILENT("silent", 16),
  REASON("reason", 1024),
  BADGE("badge", 16),
  ACCOUNT("account", 1024),
  FILENAME("filename", 1024),
  FILETYPE("filetype", 255),
  CONTENT("content", 32_768),
  CONTENT_TYPE("content-type", 255),
  REF("ref", 255),
  EXCEPT("except", 32_768),
  TTL("ttl", 16),
  WAIT("wait", 16);

  /** Those that a phone shows as they are. All others name something, or stand in a header. */
  private static final Set<Field> SHOWN = EnumSet.of(FROM_DISPLAY_NAME, REASON, FILENAME, CONTENT);

  private static final Map<String, Field> BY_NAME =
      Arrays.stream(values())
          .collect(Collectors.toUnmodifiableMap(Field::wireName, Function.identity()));

  private final String wireName;
  private final int limit;

  Field(String wireName, int limit) {
    this.wireName = wireName;
    this.limit = limit;
  }

  /** The name with dashes, as messages to callers spell it. */
  public String wireName() {
    return wireName;
  }

  /** How long it may be. */
  public int limit() {
    return limit;
  }

  /** Whether it is a text to be read: then it is mended where others are refused. */
  public boolean isShown() {
    return SHOWN.contains(this);
  }

  /** The field of this name, dashes and underscores alike; null when it is none of ours. */
  public static Field named(String name) {
    Field field = BY_NAME.get(name);
    return field == null && name.indexOf('_') >= 0 ? BY_NAME.get(name.replace('_', '-')) : field;
  }
}
