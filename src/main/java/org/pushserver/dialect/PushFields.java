// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.dialect;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.vertx.core.json.JsonObject;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.pushserver.api.Field;
import org.pushserver.push.AppKey;

/** The fields of one push, as they are gathered from a foreign request. */
final class PushFields {
  /** A call without a word about its media: it is taken for the cheaper one. */
  static final String AUDIO = "audio";

  /** What a message comes by. */
  static final String CHAT = "chat";

  static final String CALL = "incoming_session";
  static final String MESSAGE = "message";
  static final String CANCEL = "cancel";

  /** The app is to register, and nothing is to be seen. */
  static final String WAKE = "wake";

  /** Apple's sandbox, for builds that are not from the store. */
  static final String SANDBOX = "apns.dev";

  /** More than any push is kept. */
  private static final long LONGEST_S = TimeUnit.DAYS.toSeconds(365);

  private static final Set<String> APPLE = Set.of(AppKey.APPLE, SANDBOX);

  /** What names the device, which is never among the data for the phone. */
  private static final Set<Field> OF_THE_DEVICE = EnumSet.of(Field.PLATFORM, Field.TOKEN);

  private final Map<String, String> texts = new LinkedHashMap<>();

  /** What every push must have, though senders may not know it. */
  PushFields() {
    texts.put(Field.CALL_ID.wireName(), "");
    texts.put(Field.FROM.wireName(), "");
    texts.put(Field.TO.wireName(), "");
  }

  /** Sets a field, unless the text is null. */
  @CanIgnoreReturnValue
  PushFields put(Field field, String text) {
    if (text != null) {
      texts.put(field.wireName(), text);
    }
    return this;
  }

  /** Sets how many seconds it may still live: one at least, for it is to be tried. */
  @CanIgnoreReturnValue
  PushFields life(long seconds) {
    return put(Field.TTL, Long.toString(Math.min(LONGEST_S, Math.max(1, seconds))));
  }

  /** Sets the event, and a media type that goes with it. */
  @CanIgnoreReturnValue
  PushFields event(String event) {
    put(Field.EVENT, event);
    return put(Field.MEDIA_TYPE, event.equals(MESSAGE) ? CHAT : AUDIO);
  }

  /**
   * Says that the token is none for VoIP pushes, where phones have tokens for them: else a call
   * would go to the wrong one. A token that says itself what it is for is left alone.
   */
  @CanIgnoreReturnValue
  PushFields remote() {
    boolean plain = get(Field.TOKEN).chars().allMatch(HexFormat::isHexDigit);
    return plain && APPLE.contains(get(Field.PLATFORM)) ? put(Field.TOKEN_KIND, "remote") : this;
  }

  /**
   * Takes over what a sender wrote for the phone: names of {@code POST /push} are its fields, and
   * count more than all else the request says. Others are further fields.
   */
  @CanIgnoreReturnValue
  PushFields data(JsonObject data) {
    for (String name : data.fieldNames()) {
      Field field = Field.named(name);
      if (data.getValue(name) == null) {
        continue;
      }
      if (field == null) {
        texts.put(name, data.getValue(name).toString());
      } else if (!OF_THE_DEVICE.contains(field)) {
        put(field, ForeignJson.text(data, name));
      }
    }
    return this;
  }

  /** The text of a field; null when it has none. */
  String get(Field field) {
    return texts.get(field.wireName());
  }

  Map<String, String> texts() {
    return texts;
  }
}
