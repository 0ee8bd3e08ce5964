// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.api;

import static java.util.stream.Collectors.joining;

import com.fasterxml.jackson.core.JsonToken;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.pushserver.contact.ContactHeader;

/** Turns the fields of a request into values, and refuses those that are none. */
final class FieldReader {
  private static final Set<String> YES = Set.of("true", "1", "yes", "y", "on", "t");
  private static final Set<String> NO = Set.of("false", "0", "no", "n", "off", "f");
  private static final Set<String> TOKEN_KINDS = Set.of("voip", "remote");

  /** More than the phones of a callee. */
  private static final int MOST_EXCEPTED = 1_000;

  /** More than a push lives. */
  private static final Pattern SECONDS = Pattern.compile("[0-9]{1,9}(\\.[0-9]{1,3})?");

  private final RequestFields fields;
  private List<String> mendedFields = List.of();

  FieldReader(RequestFields fields) {
    this.fields = fields;
  }

  /** The fields that are none of ours. */
  Map<String, String> further() {
    return fields.further();
  }

  /** The request as one JSON object. */
  String json() {
    return fields.json();
  }

  /** Whether the field has a value that is not an empty string. */
  boolean isFilled(Field field) {
    return fields.has(field) && !"".equals(fields.text(field));
  }

  boolean has(Field field) {
    return fields.has(field);
  }

  /**
   * A text; numbers count as text, because scripts leave out the quotes. Only a platform is always
   * a word.
   *
   * @return null when the request has none
   */
  String text(Field field) {
    if (!fields.has(field)) {
      return null;
    }
    JsonToken type = fields.type(field);
    boolean number = type.isNumeric() && field != Field.PLATFORM;
    if (type != JsonToken.VALUE_STRING && !number) {
      throw wrong(field, "a string", fields.describe(field));
    }
    String text = fields.text(field);
    if (field.isShown()) {
      return shown(field, text);
    }
    if (text.length() > field.limit()) {
      throw RequestRefused.badRequest(
          "Field '%s' has %s characters; at most %s are allowed"
              .formatted(field.wireName(), text.length(), field.limit()));
    }
    requireNoControls(field.wireName(), text);
    if (fields.isMended(text)) {
      throw fields.notUtf8(field);
    }
    return text;
  }

  private String shown(Field field, String text) {
    String mended = ShownText.mend(text, field.limit(), field == Field.CONTENT);
    // Another object, or the replacement of bytes that were none of UTF-8.
    if (!mended.equals(text) || fields.isMended(text)) {
      // Seldom, and then seldom more than one.
      mendedFields = new ArrayList<>(mendedFields);
      mendedFields.add(field.wireName());
    }
    return mended;
  }

  /** The names of the texts that were not as they should be. */
  List<String> mendedFields() {
    return mendedFields;
  }

  /** Like {@link #text}, but null for an empty one too. */
  String filledText(Field field) {
    String text = text(field);
    return text == null || text.isEmpty() ? null : text;
  }

  /** What names something can come to stand in a header or a log line. */
  static void requireNoControls(String name, String text) {
    for (int at = 0; at < text.length(); at++) {
      char character = text.charAt(at);
      if (Character.isISOControl(character)) {
        throw RequestRefused.badRequest(
            String.format(
                Locale.ROOT,
                "Field '%s' must not contain control characters; there is U+%04X at character %s",
                name,
                (int) character,
                at + 1));
      }
      if (Character.isSurrogate(character)) {
        if (!Character.isSurrogatePair(
            character, at + 1 < text.length() ? text.charAt(at + 1) : 0)) {
          throw RequestRefused.badRequest(
              "Field '%s' has half a character (a lone surrogate) at character %s"
                  .formatted(name, at + 1));
        }
        at++;
      }
    }
  }

  /**
   * The devices that a cancel leaves alone: a list, a text of words with commas or spaces between
   * them, or a contact.
   */
  List<String> excepted() {
    if (!fields.has(Field.EXCEPT)) {
      return List.of();
    }
    List<String> listed = fields.excepted();
    if (listed == null && !fields.type(Field.EXCEPT).isScalarValue()) {
      throw wrong(Field.EXCEPT, "a text, or a list of texts", fields.describe(Field.EXCEPT));
    }
    List<String> words = listed == null ? words(text(Field.EXCEPT)) : listed;
    if (words.size() > MOST_EXCEPTED) {
      throw RequestRefused.badRequest(
          "Field 'except' names %s devices; at most %s are allowed"
              .formatted(words.size(), MOST_EXCEPTED));
    }
    return words.stream().filter(word -> !word.isBlank()).toList();
  }

  /** A contact has commas and spaces of its own. */
  private static List<String> words(String text) {
    return ContactHeader.isMeant(text) ? List.of(text) : List.of(text.split("[,\\s]+", -1));
  }

  /** A yes or no in any of the spellings that scripts use; absent means yes, null is an error. */
  boolean silent() {
    if (fields.type(Field.SILENT) == null) {
      return true;
    }
    String text = fields.text(Field.SILENT);
    String word = text == null ? "" : text.toLowerCase(Locale.ROOT);
    if (YES.contains(word)) {
      return true;
    }
    if (NO.contains(word)) {
      return false;
    }
    throw wrong(Field.SILENT, "true or false (or 1, 0, yes, no)", fields.describe(Field.SILENT));
  }

  /**
   * Which of an iPhone's tokens a lone one is, {@code voip} or {@code remote}; null if not said.
   */
  String tokenKind() {
    String text = filledText(Field.TOKEN_KIND);
    String kind = text == null ? null : text.toLowerCase(Locale.ROOT);
    if (kind != null && !TOKEN_KINDS.contains(kind)) {
      throw wrong(Field.TOKEN_KIND, "'voip' or 'remote'", Printable.quote(text));
    }
    return kind;
  }

  /**
   * Reduces what a SIP proxy sends, often a list such as {@code audio, video}, to the one media
   * type that the phone is told: video when the list names it, else audio, else its first member.
   *
   * @param allowed those that the application type knows
   * @param required whether one that is none of them is an error
   * @return null when the request has none
   */
  String mediaType(List<String> allowed, boolean required) {
    String text = filledText(Field.MEDIA_TYPE);
    if (text == null) {
      return null;
    }
    int known = allowed.indexOf(text);
    if (known >= 0) {
      // Not the request's own text, which would live as long as the push.
      return allowed.get(known);
    }
    String mediaType = oneOf(text, allowed);
    if (mediaType == null && required) {
      throw wrong(
          Field.MEDIA_TYPE,
          "one of " + String.join(", ", allowed) + ", or a list of them",
          Printable.quote(text));
    }
    return mediaType;
  }

  private static String oneOf(String text, List<String> allowed) {
    List<String> members =
        Arrays.stream(text.split(",", -1))
            .map(member -> member.strip().toLowerCase(Locale.ROOT))
            .filter(member -> !member.isEmpty())
            .toList();
    for (String first : List.of("video", "audio")) {
      if (members.contains(first) && allowed.contains(first)) {
        return first;
      }
    }
    return members.stream().findFirst().filter(allowed::contains).orElse(null);
  }

  /**
   * A time in seconds, as a number or as text, with at most three digits behind the point.
   *
   * @param least seconds
   * @return milliseconds; -1 when the request has none
   */
  long millis(Field field, int least) {
    if (!isFilled(field)) {
      return -1;
    }
    String text = fields.text(field);
    JsonToken type = fields.type(field);
    if ((type == JsonToken.VALUE_STRING || type.isNumeric()) && SECONDS.matcher(text).matches()) {
      long millis = new BigDecimal(text).movePointRight(3).longValue();
      if (millis >= least * 1_000L) {
        return millis;
      }
    }
    throw wrong(field, "a number of seconds, " + least + " or more", fields.describe(field));
  }

  /** The number on the app's icon, 0 or more, as a number or as text; absent means 1. */
  int badge() {
    if (!fields.has(Field.BADGE)) {
      return 1;
    }
    JsonToken type = fields.type(Field.BADGE);
    if (type == JsonToken.VALUE_NUMBER_INT || type == JsonToken.VALUE_STRING) {
      try {
        int badge = Integer.parseInt(fields.text(Field.BADGE));
        if (badge >= 0) {
          return badge;
        }
      } catch (NumberFormatException e) {
        // Told below, like a negative number.
      }
    }
    throw wrong(Field.BADGE, "a whole number from 0 to 2147483647", fields.describe(Field.BADGE));
  }

  /** Refuses the request when fields are missing, naming all of them at once. */
  static void requireNone(List<String> missing) {
    if (missing.isEmpty()) {
      return;
    }
    String names = missing.stream().map(name -> "'" + name + "'").collect(joining(", "));
    throw RequestRefused.badRequest(
        (missing.size() == 1 ? "Field " : "Fields ") + names + " required");
  }

  /** The refusal of a value: what the field must be, and what it was. */
  static RequestRefused wrong(Field field, String allowed, String received) {
    return RequestRefused.badRequest(
        "Field '" + field.wireName() + "' must be " + allowed + ", not " + received);
  }
}
